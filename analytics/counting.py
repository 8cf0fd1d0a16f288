"""What each event counts for: `COUNTS` is the table.

An event without a line in it still counts as an event of its type. Carts are counted in `carts.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from analytics.models import Name, Step
from billing.events import (
    OrderBilled,
    PaymentAuthorized,
    PaymentCompleted,
    PaymentDisputed,
    PaymentRefunded,
    RefundFailed,
)
from eventbus import Event
from orders.events import OrderCancelled, OrderCompleted, OrderLine, OrderPlaced
from shipping.events import OrderDelivered, OrderShipped
from shop.events import UserRegistered


class Count(NamedTuple):
    """What is added to a figure."""

    name: Name
    dimension: str = ""
    currency: str = ""
    value: Decimal | int = 1


#: A count with the time whose hour and day it belongs to.
Dated = tuple[datetime, Count]


def counts_of(event: Event) -> Iterator[Dated]:
    """Yield everything the event counts for by itself."""
    yield event.occurred_at, Count(Name.EVENTS, event.type)
    for count in COUNTS.get(type(event), _nothing_else)(event):
        yield event.occurred_at, count


def _nothing_else(event: Event) -> Iterable[Count]:
    return ()


def _placed(event: OrderPlaced) -> Iterator[Count]:
    yield Count(Name.ORDERS)
    yield Count(Name.ORDER_VALUE, currency=event.currency, value=event.total)
    yield Count(Name.UNITS_ORDERED, value=sum(line.quantity for line in event.lines))
    yield Count(Name.FUNNEL, Step.PLACED)
    for line in event.lines:
        yield from _product(line, event.currency)


def _product(line: OrderLine, currency: str) -> Iterator[Count]:
    yield Count(Name.PRODUCT_UNITS, line.sku, value=line.quantity)
    value = line.quantity * line.unit_price - line.discount
    yield Count(Name.PRODUCT_VALUE, line.sku, currency, value)


def _authorized(event: PaymentAuthorized) -> Iterator[Count]:
    yield Count(Name.FUNNEL, Step.AUTHORIZED)


def _paid(event: PaymentCompleted) -> Iterator[Count]:
    yield Count(Name.PAYMENTS, currency=event.currency, value=event.amount)


def _billed(event: OrderBilled) -> Iterator[Count]:
    yield Count(Name.REVENUE, currency=event.currency, value=event.total)
    yield Count(Name.FUNNEL, Step.BILLED)


def _shipped(event: OrderShipped) -> Iterator[Count]:
    yield Count(Name.UNITS_SHIPPED, value=sum(line.quantity for line in event.lines))
    if event.complete:
        yield Count(Name.FUNNEL, Step.SHIPPED)


def _delivered(event: OrderDelivered) -> Iterator[Count]:
    if event.complete:
        yield Count(Name.FUNNEL, Step.DELIVERED)


def _completed(event: OrderCompleted) -> Iterator[Count]:
    yield Count(Name.FUNNEL, Step.COMPLETED)


def _cancelled(event: OrderCancelled) -> Iterator[Count]:
    yield Count(Name.CANCELLED, event.reason)


def _refunded(event: PaymentRefunded) -> Iterator[Count]:
    yield Count(Name.REFUNDS)
    yield Count(Name.REFUNDED, currency=event.currency, value=event.amount)


def _returned(event: RefundFailed) -> Iterator[Count]:
    yield Count(Name.REFUNDED, currency=event.currency, value=-event.amount)


def _disputed(event: PaymentDisputed) -> Iterator[Count]:
    yield Count(Name.DISPUTES)


def _registered(event: UserRegistered) -> Iterator[Count]:
    yield Count(Name.REGISTRATIONS)


COUNTS: Mapping[type[Event], Callable[[Any], Iterable[Count]]] = {
    UserRegistered: _registered,
    OrderPlaced: _placed,
    PaymentAuthorized: _authorized,
    PaymentCompleted: _paid,
    OrderBilled: _billed,
    OrderShipped: _shipped,
    OrderDelivered: _delivered,
    OrderCompleted: _completed,
    OrderCancelled: _cancelled,
    PaymentRefunded: _refunded,
    RefundFailed: _returned,
    PaymentDisputed: _disputed,
}
