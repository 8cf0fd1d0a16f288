"""Facts that are counted, as the other apps emit them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from billing.events import OrderBilled, PaymentAuthorized, PaymentCompleted, PaymentRefunded
from eventbus import Event
from eventbus.delivery.models import OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.testing import given
from orders.events import (
    OrderCancelled,
    OrderCompleted,
    OrderPlaced,
)
from shipping.events import OrderDelivered, OrderShipped, ShippedLine
from shop.events import CartUpdated, UserRegistered
from tests.builders import order_line, order_placed

WHO = {"number": "S-1001", "email": "ada@example.com"}
MIDDAY = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def placed(lines: Iterable[tuple[str, int, str]], currency: str = "EUR") -> OrderPlaced:
    ordered = tuple(
        order_line(n, sku, quantity=quantity, unit_price=Decimal(price))
        for n, (sku, quantity, price) in enumerate(lines, 1)
    )
    total = sum((line.quantity * line.unit_price for line in ordered), Decimal(0))
    return order_placed(lines=ordered, total=total, currency=currency, **WHO)


def cart_updated(cart_id: UUID, revision: int) -> CartUpdated:
    return CartUpdated(
        cart_id=cart_id,
        revision=revision,
        customer_id=None,
        email=None,
        lines=(),
        total=Decimal(0),
        currency="EUR",
    )


def registered() -> UserRegistered:
    return UserRegistered(customer_id="ada", email="ada@example.com", name="Ada")


def authorized(amount: str) -> PaymentAuthorized:
    return PaymentAuthorized(
        order_id=uuid4(), payment_id=uuid4(), amount=Decimal(amount), currency="EUR"
    )


def paid(amount: str, currency: str = "EUR") -> PaymentCompleted:
    return PaymentCompleted(
        order_id=uuid4(), payment_id=uuid4(), amount=Decimal(amount), currency=currency
    )


def billed(total: str, currency: str = "EUR") -> OrderBilled:
    return OrderBilled(
        order_id=uuid4(),
        invoice_number="I-1",
        customer_id=None,
        total=Decimal(total),
        currency=currency,
        **WHO,
    )


def refunded(amount: str) -> PaymentRefunded:
    return PaymentRefunded(
        order_id=uuid4(),
        refund_id=uuid4(),
        payment_id=uuid4(),
        customer_id=None,
        amount=Decimal(amount),
        refunded_total=Decimal(amount),
        captured_total=Decimal(100),
        currency="EUR",
        reason="return",
        **WHO,
    )


def shipped(units: int, complete: bool) -> OrderShipped:
    return OrderShipped(
        order_id=uuid4(),
        parcel_id=uuid4(),
        carrier="Post",
        tracking_number="T1",
        lines=(ShippedLine(sku="MUG", quantity=units),),
        complete=complete,
        **WHO,
    )


def delivered(complete: bool) -> OrderDelivered:
    return OrderDelivered(
        order_id=uuid4(), parcel_id=uuid4(), tracking_number="T1", complete=complete, **WHO
    )


def completed() -> OrderCompleted:
    return OrderCompleted(
        order_id=uuid4(), number="S-1001", customer_id=None, total=Decimal(1), currency="EUR"
    )


def cancelled(reason: str) -> OrderCancelled:
    return OrderCancelled(
        order_id=uuid4(),
        customer_id=None,
        reason=reason,
        detail="",
        total=Decimal(1),
        currency="EUR",
        lines=(),
        **WHO,
    )


def count(event: Event, *, at: datetime = MIDDAY, times: int = 1) -> None:
    """Let analytics count an event that was emitted at this time."""
    given(event, to="nobody")
    OutboxEvent.objects.filter(id=event.id).update(occurred_at=at)
    for _ in range(times):
        handle("analytics", [Incoming(OutboxEvent.objects.get(id=event.id).envelope)])
