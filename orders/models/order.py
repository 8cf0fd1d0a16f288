"""An order: what was ordered, and how far it is.

Facts may arrive in any order: each is recorded, then the state moves as far as the facts known
so far allow.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from operator import methodcaller
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django_fsm import RETURN_VALUE, FSMField, can_proceed, transition
from djmoney.models.fields import MoneyField
from djmoney.money import Money

from eventbus import LockingManager, MailboxField
from orders.errors import UnknownOrder
from orders.models.cancellation import Cancellation
from orders.models.hold import Hold
from orders.models.payment import Payment
from orders.models.state import State

#: A card of an order: which one, counted from 1.
Card = tuple[UUID, int]

#: In the order of the ids, as far as PostgreSQL goes through them one by one.
RECORD = """
    UPDATE orders_order AS placed SET {column} = fact.at
    FROM unnest(%s::uuid[], %s::timestamptz[]) AS fact (id, at)
    WHERE placed.id = fact.id
    RETURNING placed.id
"""
AUTHORIZE = """
    UPDATE orders_order AS placed SET authorized_at = card.at, pay_until = NULL
    FROM unnest(%s::uuid[], %s::int[], %s::timestamptz[]) AS card (id, attempt, at)
    WHERE placed.id = card.id AND placed.payment_attempt = card.attempt
        AND placed.payment_failed_at IS NULL
    RETURNING placed.id, card.attempt
"""
LOOSE_ENDS = """
    SELECT id FROM unnest(%s::uuid[]) AS ended (id)
    WHERE EXISTS (SELECT FROM orders_orderline
            WHERE order_id = ended.id AND NOT requires_shipping)
        OR EXISTS (SELECT FROM orders_return
            WHERE order_id = ended.id AND state = 'requested')
"""


def _execute(sql: str, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Give the statement an array for each column of these rows, by their keys; returns its own."""
    columns = zip(*sorted(rows), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in columns])
        return cursor.fetchall()


class OrderManager(LockingManager["Order"]):
    def unknown(self, **key: Any) -> UnknownOrder:
        return UnknownOrder(f"no order {key['pk']}")

    def record(self, column: str, times: Mapping[UUID, datetime]) -> None:
        """Write down when something was, that decides about nothing else. Raises `UnknownOrder`."""
        recorded = {
            order_id for (order_id,) in _execute(RECORD.format(column=column), times.items())
        }
        for order_id in times.keys() - recorded:
            raise self.unknown(pk=order_id)

    def authorize(self, cards: Mapping[Card, datetime]) -> set[Card]:
        """Record when cards were authorised; returns those that are open, see `Payment.is_open`."""
        return set(_execute(AUTHORIZE, [(*card, at) for card, at in cards.items()]))

    def with_loose_ends(self, order_ids: Iterable[UUID]) -> set[UUID]:
        """Return which of these have goods that were not shipped, or a return to be decided."""
        wanted = [(order_id,) for order_id in order_ids]
        return {order_id for (order_id,) in _execute(LOOSE_ENDS, wanted)} if wanted else set()


class Order(Payment, Hold, Cancellation, models.Model):
    """One shopper's order, from placed to its end."""

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.CharField(max_length=20, unique=True)
    reference = models.CharField(max_length=50, blank=True, help_text="the order's name elsewhere")
    idempotency_key = models.CharField(max_length=100, null=True, unique=True)  # noqa: DJ001 NULL is not unique
    customer_id = models.CharField(max_length=50, blank=True, help_text="empty for a guest")
    email = MailboxField(blank=True)
    cart_id = models.UUIDField(null=True)
    ship_to = models.JSONField()
    shipping_cost: "models.Field[Money, Money]" = MoneyField(
        max_digits=14, decimal_places=2, default_currency=None
    )
    total: "models.Field[Money, Money]" = MoneyField(
        max_digits=14, decimal_places=2, default_currency=None
    )
    discount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    promotion = models.CharField(max_length=50, blank=True, help_text="the promotion's code")
    tax = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    tax_included = models.BooleanField(default=True, help_text="whether prices contain the tax")
    taxes = models.JSONField(default=list, help_text="rate, net and amount at each rate of tax")
    points = models.PositiveBigIntegerField(default=0, help_text="loyalty points spent")
    points_value = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), help_text="what the points pay"
    )
    language = models.CharField(max_length=10, default="en", help_text="ISO 639-1")
    ships = models.BooleanField(
        default=True, db_default=True, help_text="whether any of it needs to be shipped"
    )
    visitor = models.CharField(
        max_length=64, blank=True, db_default="", help_text="digest of where it was placed from"
    )
    state = FSMField(default=State.PLACED, choices=State.choices, protected=True)

    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    stock_held_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    flagged_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = OrderManager()

    class Meta:
        permissions = [
            ("cancel_order", "Can have orders cancelled"),
            ("hold_order", "Can put orders on hold and release them"),
        ]
        indexes = [
            models.Index(fields=["customer_id", "-placed_at"], name="orders_of_customer"),
            models.Index(fields=["email"], condition=Q(customer_id=""), name="orders_of_guest"),
            models.Index(
                fields=["expires_at"], condition=Q(ended_at=None), name="orders_not_ended"
            ),
            models.Index(
                fields=["visitor"],
                condition=Q(ended_at=None, captured_at=None) & ~Q(visitor=""),
                name="orders_unpaid_of_visitor",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(total__gte=0), name="orders_total_not_negative"),
            models.CheckConstraint(
                condition=Q(discount__gte=0, tax__gte=0, points_value__gte=0),
                name="orders_parts_of_price_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"order {self.number}"

    def is_shipped(self) -> bool:
        return self.shipped_at is not None

    def has_not_left(self) -> bool:
        return not self.is_shipped()

    def is_delivered(self) -> bool:
        return self.delivered_at is not None and self.knows_what_is_missing()

    def record(self, **facts: Any) -> None:
        """Write down facts, by column."""
        for name, value in facts.items():
            setattr(self, name, value)

    def advance(self) -> bool:
        """Move as far along as the facts recorded so far allow; True if the state changed."""
        before = self.state
        if self.captured_at or self.billed_at:
            self.clear_refusal()
        if self.billed_at and not (self.ships or self.held_at):
            self.shipped_at = self.delivered_at = self.billed_at
        for move in (self.pay, self.ship, self.complete, self.refund):
            if can_proceed(move):
                move()
        return self.state != before

    @transition(
        field=state, source=State.PLACED, target=State.PAID, conditions=[methodcaller("is_billed")]
    )
    def pay(self) -> None:
        """Move on: it is paid and invoiced."""

    @transition(
        field=state,
        source=State.PAID,
        target=State.SHIPPED,
        conditions=[methodcaller("is_shipped")],
    )
    def ship(self) -> None:
        """Move on: everything has left."""

    @transition(
        field=state,
        source=State.SHIPPED,
        target=State.COMPLETED,
        conditions=[methodcaller("is_delivered")],
    )
    def complete(self) -> None:
        """End it: everything has arrived."""
        self.ended_at = timezone.now()

    @transition(
        field=state,
        source=[State.CANCELLED, State.COMPLETED],
        target=State.REFUNDED,
        conditions=[methodcaller("is_refunded")],
    )
    def refund(self) -> None:
        """Move on: all the money has gone back."""

    @transition(
        field=state,
        source=State.REFUNDED,
        target=RETURN_VALUE(State.CANCELLED, State.COMPLETED),
        conditions=[methodcaller("is_kept")],
    )
    def keep(self) -> str:
        """Go back to how it had ended: the bank did not take all the money."""
        return State.CANCELLED if self.cancel_reason else State.COMPLETED

    @transition(
        field=state,
        source=[State.PLACED, State.PAID],
        target=State.CANCELLING,
        conditions=[methodcaller("has_not_left")],
    )
    def request_cancellation(
        self, reason: str, detail: str, *, restock: bool = True, refund: bool = True
    ) -> None:
        """Want it cancelled; shipping has the last word."""
        self.cancel_reason, self.cancel_detail = reason, detail
        self.cancel_restock, self.cancel_refund = restock, refund

    @transition(
        field=state,
        source=State.CANCELLING,
        target=State.PLACED,
        conditions=[methodcaller("is_shipped"), methodcaller("knows_what_is_missing")],
    )
    def reject_cancellation(self) -> None:
        """Go on: the parcel had left, the request to cancel came too late."""
        self.clear_request()

    @transition(field=state, source=State.CANCELLING, target=State.PLACED)
    def resume_reduced(self) -> None:
        """Go on with a part: it had left, and the rest was closed."""
        self.clear_request()

    @transition(field=state, source=[State.PLACED, State.CANCELLING], target=State.CANCELLED)
    def cancel(self, reason: str = "", detail: str = "") -> None:
        """End it unfulfilled. A reason given earlier, by a request, stands."""
        self.cancel_reason = self.cancel_reason or reason
        self.cancel_detail = self.cancel_detail or detail
        self.ended_at = timezone.now()
