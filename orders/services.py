"""What people start: placing an order, wanting it cancelled, sending goods back, reading it."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django_fsm import TransitionNotAllowed

from eventbus import emit, emits, mailbox, split_to_fit
from orders import events
from orders.create import create
from orders.errors import CannotCancel, CannotReturn, UnknownOrder
from orders.holding import hold_order as hold_order
from orders.holding import release_order as release_order
from orders.models import Order, Return, lines_with_units_back
from orders.refund_shares import next_share, paid_by_line
from orders.return_services import approve_return as approve_return
from orders.return_services import refuse_return as refuse_return
from orders.return_services import request_return as request_return
from orders.unpaid import check_unpaid
from orders.unpaid import keep_waiting as keep_waiting
from orders.validation import MOST_LINES as MOST_LINES
from orders.validation import MOST_UNITS as MOST_UNITS
from orders.validation import check
from orders.worklists import held as held
from orders.worklists import returns_asked_for as returns_asked_for
from orders.worklists import stuck as stuck


@emits(events.OrderPlaced, events.ShippingDeadlineReached)
def place_order(
    details: events.OrderDetails,
    *,
    key: str | None = None,
    reference: str = "",
    visitor: str = "",
    pay_again: bool = True,
) -> Order:
    """Place the order: commits it with its event and returns at once.

    With a `key` seen before, the order placed then is returned. `reference` is the order's name
    elsewhere; `visitor` a digest of where it comes from, by which unpaid orders are counted, and
    which are not without it; `pay_again` whether a refused payment may be made good with another
    card. Raises `OrderInvalid` naming the field that is wrong, or `TooMuchUnpaid` when the visitor
    has more unpaid than may be; nothing is written then.
    """
    check(details)
    with transaction.atomic():
        if key and (placed := _placed_with(key)):
            return placed
        check_unpaid(details, visitor)
        return create(
            details,
            idempotency_key=key,
            reference=reference,
            visitor=visitor,
            may_pay_again=pay_again,
        )


@emits(events.CancellationRequested)
def request_cancellation(
    order_id: UUID,
    *,
    reason: str = "customer",
    detail: str = "",
    restock: bool = True,
    refund: bool = True,
) -> Order:
    """Ask for an order to be cancelled; whether it still can be is shipping's answer.

    Without `restock` its goods are written off, without `refund` money that was taken is kept.
    Raises `UnknownOrder`, or `CannotCancel` when it has been shipped or has ended.
    """
    with transaction.atomic(), Order.objects.get_for_update(pk=order_id) as order:
        try:
            order.request_cancellation(reason, detail, restock=restock, refund=refund)
        except TransitionNotAllowed as error:
            raise CannotCancel(f"{order} is {order.state}") from error
        emit(events.CancellationRequested(order_id=order.id, reason=reason))
    return order


def order_for_page(order_id: UUID) -> Order:
    """Load the order with its lines, each with the units that went `back`, and its returns.

    Five queries, three without returns. Raises `UnknownOrder`.
    """
    whole = Order.objects.prefetch_related(
        Prefetch("lines", lines_with_units_back()),
        Prefetch("returns", Return.objects.order_by("requested_at")),
        "returns__lines__order_line",
    )
    try:
        return whole.get(pk=order_id)
    except Order.DoesNotExist as error:
        raise UnknownOrder(f"no order {order_id}") from error


def worth(order: Order, units: Mapping[int, int]) -> Decimal:
    """Return what these units, by line number, were paid with in money.

    Raises `CannotReturn` naming the line that has fewer.
    """
    lines = list(order.lines.all())
    ordered = {line.line: line.quantity for line in lines}
    for number, wanted in units.items():
        if not 0 < wanted <= ordered.get(number, 0):
            raise CannotReturn(f"line {number}: {wanted} units, {ordered.get(number, 0)} ordered")
    paid = zip(lines, paid_by_line(order, lines), strict=True)
    cents = (next_share(p.cents, units.get(line.line, 0), line.quantity, 0) for line, p in paid)
    return Decimal(sum(cents)).scaleb(-2)


def orders_of(customer_id: str) -> QuerySet[Order]:
    """Find a customer's orders, the newest first."""
    return Order.objects.filter(customer_id=customer_id).order_by("-placed_at", "-pk")


def carts_of(customer_id: str) -> list[UUID]:
    """List the carts that a customer's orders were made of."""
    made_of = orders_of(customer_id).values_list("cart_id", flat=True)
    return [cart_id for cart_id in made_of if cart_id]


def numbers_of(order_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the orders' numbers by id, the oldest order first; without those there are not."""
    found = Order.objects.filter(pk__in=order_ids).order_by("placed_at")
    return dict(found.values_list("pk", "number"))


def customers_of(order_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return by the order's id whose each is; without those of guests, and those there are not."""
    found = Order.objects.filter(pk__in=order_ids).exclude(customer_id="")
    return dict(found.values_list("pk", "customer_id"))


def returns_among(return_ids: Sequence[UUID]) -> QuerySet[Return]:
    """Find these returns with their orders, the oldest first; without those there are not."""
    found = Return.objects.filter(pk__in=return_ids).select_related("order")
    return found.order_by("requested_at")


def returns_of(customer_id: str) -> QuerySet[Return]:
    """Find what a customer sends or sent back, the newest first."""
    mine = Return.objects.filter(order__customer_id=customer_id).select_related("order")
    return mine.order_by("-requested_at")


def open_orders_of(customer_id: str) -> QuerySet[Order]:
    """Find a customer's orders that have not ended, or of which something is coming back."""
    coming_back = Return.objects.filter(
        order=OuterRef("pk"), state__in=(Return.State.REQUESTED, Return.State.APPROVED)
    )
    return orders_of(customer_id).filter(Q(ended_at=None) | Exists(coming_back))


@emits(events.OrdersClaimed)
def claim_orders(email: str, customer_id: str) -> list[UUID]:
    """Make the guest orders of a confirmed address the customer's; returns their ids.

    Asked twice, or by two at once, each order is claimed once.
    """
    with transaction.atomic():
        guests = Order.objects.filter(email=mailbox(email), customer_id="").exclude(email="")
        claimed = list(
            guests.select_for_update().order_by("placed_at").values_list("pk", flat=True)
        )
        if claimed:
            Order.objects.filter(pk__in=claimed).update(customer_id=customer_id)
            for some in split_to_fit(claimed):
                emit(events.OrdersClaimed(customer_id=customer_id, order_ids=some))
    return claimed


def ended(order_ids: Sequence[UUID]) -> int:
    """Count those of these orders that have ended."""
    return Order.objects.filter(pk__in=order_ids, ended_at__isnull=False).count()


def order_with_key(key: str) -> Order | None:
    """Return the order that was placed with this key, if one was."""
    return Order.objects.filter(idempotency_key=key).first()


def _placed_with(key: str) -> Order | None:
    """Return the order of this key; a second submit waits here for the first to commit."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    return order_with_key(key)
