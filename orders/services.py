"""What a person starts: placing an order, wanting it cancelled, sending goods back, reading it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django_fsm import TransitionNotAllowed
from djmoney.money import Money
from uuid6 import uuid7

from orders import events
from orders.errors import CannotCancel, CannotReturn, OrderInvalid, UnknownOrder
from orders.models import (
    Order,
    OrderLine,
    Return,
    ReturnLine,
    State,
    lines_with_units_back,
    locked,
    returnable,
    total_of,
)
from orders.returns import receive
from shop.bus import emit

#: Units of one line above which an order is a typing error.
MOST_UNITS = 1_000_000


@dataclass(frozen=True)
class Draft:
    """An order as a shopper wants it placed. `lines` are numbered from 1 by `draft_lines`."""

    lines: Sequence[events.OrderLine]
    ship_to: events.Address
    card: events.Card
    currency: str
    email: str = ""
    customer_id: str | None = None
    cart_id: UUID | None = None
    shipping_cost: Decimal = Decimal(0)
    reference: str = ""
    #: sent twice it is one order
    key: str | None = None


def place_order(draft: Draft) -> Order:
    """Place the order: commits it with its event and returns at once.

    With a `key` seen before, the order placed then is returned. Raises
    `OrderInvalid` naming the field that is wrong; nothing is written then.
    """
    _check(draft)
    with transaction.atomic():
        if draft.key and (placed := _placed_with(draft.key)):
            return placed
        order = _write(draft)
        emit(_order_placed(order, draft))
        emit(events.OrderExpired(order_id=order.id), publish_after=order.expires_at)
    return order


def request_cancellation(order_id: UUID, *, reason: str = "customer", detail: str = "") -> Order:
    """Ask for an order to be cancelled; whether it still can be is shipping's answer.

    Raises `UnknownOrder`, or `CannotCancel` when it has been shipped or has ended.
    """
    with transaction.atomic():
        order = locked(order_id)
        try:
            order.request_cancellation(reason, detail)
        except TransitionNotAllowed as error:
            raise CannotCancel(f"{order} is {order.state}") from error
        order.save()
        emit(events.CancellationRequested(order_id=order.id, reason=reason))
    return order


def request_return(order_id: UUID, units: dict[int, int], *, reason: str = "") -> Return:
    """Send units back, by line number; received at once when the order has been delivered.

    Raises `UnknownOrder`, or `CannotReturn` naming the line, or the order's state when it is
    cancelled or about to be.
    """
    with transaction.atomic():
        order = locked(order_id)
        if order.cancel_reason:
            raise CannotReturn(f"{order} is {order.state}")
        back = Return.objects.create(id=UUID(bytes=uuid7().bytes), order=order, reason=reason)
        ReturnLine.objects.bulk_create(
            ReturnLine(of=back, order_line=line, quantity=quantity)
            for line, quantity in returnable(order, units)
        )
        if order.state in (State.COMPLETED, State.REFUNDED):
            receive(back)
    return back


def order_for_page(order_id: UUID) -> Order:
    """The order with its lines, each with the units that went `back`, and its returns.

    Three queries. Raises `UnknownOrder`.
    """
    whole = Order.objects.prefetch_related(
        Prefetch("lines", lines_with_units_back()),
        Prefetch("returns", Return.objects.order_by("requested_at")),
    )
    try:
        return whole.get(pk=order_id)
    except Order.DoesNotExist as error:
        raise UnknownOrder(f"no order {order_id}") from error


def orders_of(customer_id: str) -> QuerySet[Order]:
    """A customer's orders, the newest first."""
    return Order.objects.filter(customer_id=customer_id).order_by("-placed_at")


def ended(order_ids: Sequence[UUID]) -> int:
    """How many of these orders have ended."""
    return Order.objects.filter(pk__in=order_ids, ended_at__isnull=False).count()


def order_with_key(key: str) -> Order | None:
    """The order that was placed with this key, if one was."""
    return Order.objects.filter(idempotency_key=key).first()


def _check(draft: Draft) -> None:
    if not draft.lines:
        raise OrderInvalid("lines", "an order needs at least one line")
    for line in draft.lines:
        if not 0 < line.quantity <= MOST_UNITS:
            raise OrderInvalid(f"line {line.line} quantity", f"must be from 1 to {MOST_UNITS}")
        if line.unit_price < 0:
            raise OrderInvalid(f"line {line.line} unit price", "must not be negative")
    if len({line.line for line in draft.lines}) < len(draft.lines):
        raise OrderInvalid("lines", "each line needs a number of its own")
    if draft.shipping_cost < 0:
        raise OrderInvalid("shipping cost", "must not be negative")


def _placed_with(key: str) -> Order | None:
    """The order of this key; a second submit waits here for the first to commit."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    return order_with_key(key)


def _write(draft: Draft) -> Order:
    now = timezone.now()
    total = total_of(draft.lines) + draft.shipping_cost
    order = Order.objects.create(
        id=UUID(bytes=uuid7().bytes),
        number=_next_number(),
        reference=draft.reference,
        idempotency_key=draft.key,
        customer_id=draft.customer_id or "",
        email=draft.email,
        cart_id=draft.cart_id,
        ship_to=draft.ship_to.model_dump(mode="json"),
        shipping_cost=Money(draft.shipping_cost, draft.currency),
        total=Money(total, draft.currency),
        placed_at=now,
        expires_at=now + settings.ORDER_EXPIRES_AFTER,
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            line=line.line,
            sku=line.sku,
            title=line.title,
            quantity=line.quantity,
            unit_price=Money(line.unit_price, draft.currency),
        )
        for line in draft.lines
    )
    return order


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('orders_number')")
        return str(cursor.fetchone()[0])


def _order_placed(order: Order, draft: Draft) -> events.OrderPlaced:
    return events.OrderPlaced(
        order_id=order.id,
        number=order.number,
        customer_id=draft.customer_id,
        email=draft.email,
        cart_id=draft.cart_id,
        lines=tuple(draft.lines),
        shipping_cost=draft.shipping_cost,
        total=order.total.amount,
        currency=draft.currency,
        ship_to=draft.ship_to,
        card=draft.card,
        placed_at=order.placed_at,
        expires_at=order.expires_at,
    )
