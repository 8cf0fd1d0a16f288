"""An order: its facts, and the paths its state may take.

```
placed ── paid ── shipped ── completed ── refunded
   │        │        ↑                       ↑
   ├────────┴─ cancelling ── cancelled ──────┘
   └────────────────────────────↑
```

Where a part has left when it is to be cancelled, the rest is closed: cancelling goes back to the
usual way, and the order completes with what was delivered. A bank that sends a refund back takes
an order from refunded to what it had been.

Facts may arrive in any order: each is noted, then the state moves as far as
the facts known so far allow.
"""

from datetime import datetime
from decimal import Decimal
from operator import methodcaller
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, FSMField, can_proceed, transition
from djmoney.models.fields import MoneyField
from djmoney.money import Money

from eventbus import LockingManager, MailboxField, now
from orders.errors import CannotHold, UnknownOrder


class State(models.TextChoices):
    PLACED = "placed", _("Placed")
    PAID = "paid", _("Paid")
    SHIPPED = "shipped", _("Shipped")
    COMPLETED = "completed", _("Completed")
    CANCELLING = "cancelling", _("Cancelling")
    CANCELLED = "cancelled", _("Cancelled")
    REFUNDED = "refunded", _("Refunded")


class OrderManager(LockingManager["Order"]):
    def unknown(self, **key: Any) -> UnknownOrder:
        return UnknownOrder(f"no order {key['pk']}")


class Order(models.Model):
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
    state = FSMField(default=State.PLACED, choices=State.choices, protected=True)

    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    stock_held_at = models.DateTimeField(null=True)
    authorized_at = models.DateTimeField(null=True)
    payment_attempt = models.PositiveIntegerField(default=1, help_text="cards heard of so far")
    payment_failed_at = models.DateTimeField(null=True, help_text="empty: no card is wanted")
    payment_failed_code = models.TextField(blank=True)
    payment_failed_reason = models.TextField(blank=True)
    may_pay_again = models.BooleanField(
        default=True, help_text="whether a refused payment may be made good with another card"
    )
    pay_until = models.DateTimeField(
        null=True, help_text="time for another card, or to answer the bank"
    )
    waited_since = models.DateTimeField(
        null=True, help_text="when it first waited for its shopper to pay"
    )
    questions = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="the bank asked about this card"
    )
    answers = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="given to the bank about this card"
    )
    visitor = models.CharField(
        max_length=64, blank=True, db_default="", help_text="digest of where it was placed from"
    )
    cleared_at = models.DateTimeField(null=True)
    flagged_at = models.DateTimeField(null=True)
    captured_at = models.DateTimeField(null=True)
    billed_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reduced_at = models.DateTimeField(null=True, help_text="when units of it were last given up")
    reduced_reason = models.CharField(max_length=20, blank=True, db_default="")
    reduced_amount = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        help_text="what is to go back for units that will not come",
    )
    closed = models.PositiveIntegerField(
        default=0, db_default=0, help_text="units that will not come"
    )
    missing = models.PositiveIntegerField(
        default=0, db_default=0, help_text="units that shipping says will not come"
    )
    captured_total = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    refunded_total = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    refund_revision = models.PositiveIntegerField(
        default=0, db_default=0, help_text="of billing, for what was given back so far"
    )
    refund_failed_at = models.DateTimeField(
        null=True, help_text="when the shopper's bank sent money back that has not gone since"
    )
    cancel_reason = models.CharField(max_length=20, blank=True)
    cancel_detail = models.TextField(blank=True)
    cancel_restock = models.BooleanField(
        default=True, db_default=True, help_text="whether its goods go on sale"
    )
    cancel_refund = models.BooleanField(
        default=True, db_default=True, help_text="whether its money goes back"
    )
    held_at = models.DateTimeField(null=True, help_text="empty: it is not on hold")
    held_by = models.CharField(max_length=150, blank=True, db_default="")
    hold_reason = models.CharField(max_length=200, blank=True, db_default="")
    hold_revision = models.PositiveIntegerField(
        default=0, db_default=0, help_text="holds and releases so far"
    )

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

    def is_billed(self) -> bool:
        return self.billed_at is not None

    def is_shipped(self) -> bool:
        return self.shipped_at is not None

    def has_not_left(self) -> bool:
        return not self.is_shipped()

    def is_delivered(self) -> bool:
        return self.delivered_at is not None and self.knows_what_is_missing()

    def knows_what_is_missing(self) -> bool:
        """Whether every unit that shipping counts as missing has been given up here."""
        return self.closed >= self.missing

    def is_refunded(self) -> bool:
        return 0 < self.captured_total <= self.refunded_total

    def is_kept(self) -> bool:
        return not self.is_refunded()

    def note(self, **facts: Any) -> bool:
        """Write down facts and move as far along as they allow; True if that completed it."""
        before = self.state
        for name, value in facts.items():
            setattr(self, name, value)
        if self.captured_at or self.billed_at:
            self.forget_refusal()
        if self.billed_at and not (self.ships or self.held_at):
            self.shipped_at = self.delivered_at = self.billed_at
        for move in (self.pay, self.ship, self.complete, self.refund):
            if can_proceed(move):
                move()
        return before != self.state == State.COMPLETED

    def hold(self, by: str, reason: str) -> None:
        """Keep it from being shipped. Raises `CannotHold`."""
        if self.held_at:
            raise CannotHold(f"{self} is on hold already")
        if self.state not in (State.PLACED, State.PAID):
            raise CannotHold(f"{self} is {self.state}: there is nothing to hold")
        self.held_at, self.held_by, self.hold_reason = timezone.now(), by, reason
        self.hold_revision += 1

    def release(self) -> None:
        """End the hold. Raises `CannotHold`."""
        if not self.held_at:
            raise CannotHold(f"{self} is not on hold")
        self.held_at, self.held_by, self.hold_reason = None, "", ""
        self.hold_revision += 1

    @property
    def waits_for_shopper(self) -> bool:
        """Whether the shopper may still give another card, or answer the bank."""
        return self.state == State.PLACED and self.pay_until is not None and self.pay_until > now()

    @property
    def can_pay_again(self) -> bool:
        """Whether the payment was refused and another card may still be given."""
        return self.waits_for_shopper and self.payment_failed_at is not None

    def hears_of(self, attempt: int) -> bool:
        """Whether a card is the newest we know of and was not refused as far as we know."""
        if attempt > self.payment_attempt:
            self.payment_attempt = attempt
            self.authorized_at = None
            self.questions = self.answers = 0
            self.forget_refusal()
        return attempt == self.payment_attempt and self.payment_failed_at is None

    def note_refund(self, revision: int, refunded: Decimal, failed_at: datetime | None) -> dict:
        """The facts of a change in what went back; of an older one than is known, none."""
        if (revision, refunded) < (self.refund_revision, self.refunded_total):
            return {}
        return {
            "refund_revision": revision,
            "refunded_total": refunded,
            "refund_failed_at": failed_at,
        }

    def note_refusal(self, at: datetime, code: str, reason: str, until: datetime | None) -> bool:
        """Note that the newest card was refused; whether there is time for another one."""
        self.authorized_at = None
        self.payment_failed_at = at
        self.payment_failed_code, self.payment_failed_reason = code, reason
        self._wait_until(until if self.may_pay_again else None)
        return self.pay_until is not None

    def note_question(self, until: datetime) -> bool:
        """Note that the bank asks the shopper; whether this waits for the answer now.

        The answer, or what came of it, may have been heard of before.
        """
        self.questions += 1
        waits = self.state == State.PLACED and not (self.authorized_at or self.captured_at)
        if waits and self.questions > self.answers:
            self._wait_until(until)
        return self.pay_until is not None

    def note_answer(self) -> None:
        """Note that the shopper answered the bank: now it is the bank that is waited for."""
        self.answers += 1
        if self.answers >= self.questions:
            self.pay_until = None

    @property
    def longer_wait(self) -> datetime | None:
        """Until when it waits for a shopper who is there, where that is worth writing down.

        Not beyond `UNPAID_AT_MOST` of waiting, nor the order's own end; a wait that is over
        stays over.
        """
        if not (self.waits_for_shopper and self.pay_until and self.waited_since):
            return None
        wanted = now() + settings.ANSWER_WITHIN
        until = min(wanted, self.waited_since + settings.UNPAID_AT_MOST, self.expires_at)
        return until if until - self.pay_until > settings.ANSWER_WITHIN / 10 else None

    def _wait_until(self, until: datetime | None) -> None:
        self.pay_until = until
        if until:
            self.waited_since = self.waited_since or now()

    def forget_refusal(self) -> None:
        """Another card is under way, or has paid."""
        self.payment_failed_at = self.pay_until = None
        self.payment_failed_code = self.payment_failed_reason = ""

    @transition(
        field=state, source=State.PLACED, target=State.PAID, conditions=[methodcaller("is_billed")]
    )
    def pay(self) -> None:
        """It is paid and invoiced."""

    @transition(
        field=state,
        source=State.PAID,
        target=State.SHIPPED,
        conditions=[methodcaller("is_shipped")],
    )
    def ship(self) -> None:
        """Everything has left."""

    @transition(
        field=state,
        source=State.SHIPPED,
        target=State.COMPLETED,
        conditions=[methodcaller("is_delivered")],
    )
    def complete(self) -> None:
        """Everything has arrived."""
        self.ended_at = timezone.now()

    @transition(
        field=state,
        source=[State.CANCELLED, State.COMPLETED],
        target=State.REFUNDED,
        conditions=[methodcaller("is_refunded")],
    )
    def refund(self) -> None:
        """All the money has gone back."""

    @transition(
        field=state,
        source=State.REFUNDED,
        target=RETURN_VALUE(State.CANCELLED, State.COMPLETED),
        conditions=[methodcaller("is_kept")],
    )
    def keep(self) -> str:
        """The bank did not take all the money: the order ended as it had before."""
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
        """Somebody wants out; shipping has the last word."""
        self.cancel_reason, self.cancel_detail = reason, detail
        self.cancel_restock, self.cancel_refund = restock, refund

    @transition(
        field=state,
        source=State.CANCELLING,
        target=State.PLACED,
        conditions=[methodcaller("is_shipped"), methodcaller("knows_what_is_missing")],
    )
    def go_on(self) -> None:
        """The parcel had left: the request to cancel came too late."""
        self._forget_request()

    @transition(field=state, source=State.CANCELLING, target=State.PLACED)
    def go_on_reduced(self) -> None:
        """A part had left: the rest was closed, and what is left of the order goes on."""
        self._forget_request()

    def reduce(self, units: int, amount: Decimal, reason: str) -> None:
        """Note that units will not come, and what is to go back for them."""
        self.closed += units
        self.reduced_amount += amount
        self.reduced_at, self.reduced_reason = timezone.now(), reason

    def _forget_request(self) -> None:
        self.cancel_reason = self.cancel_detail = ""
        self.cancel_restock = self.cancel_refund = True

    @transition(field=state, source=[State.PLACED, State.CANCELLING], target=State.CANCELLED)
    def cancel(self, reason: str = "", detail: str = "") -> None:
        """It will not be fulfilled. A reason given earlier, by a request, stands."""
        self.cancel_reason = self.cancel_reason or reason
        self.cancel_detail = self.cancel_detail or detail
        self.ended_at = timezone.now()


class OrderLine(models.Model):
    """Units of one product on an order, at the price of that day."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    sku = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    quantity = models.PositiveIntegerField()
    closed = models.PositiveIntegerField(
        default=0, db_default=0, help_text="units that will not come"
    )
    closed_amount = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        help_text="what these were paid with in money",
    )
    closed_points = models.PositiveBigIntegerField(
        default=0, db_default=0, help_text="what these were paid with in points"
    )
    unit_price: "models.Field[Money, Money]" = MoneyField(
        max_digits=14, decimal_places=2, default_currency=None
    )
    discount = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), help_text="off the whole line"
    )
    tax_rate = models.DecimalField(
        max_digits=6, decimal_places=3, default=Decimal(0), help_text="percent"
    )
    tax = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), help_text="of the whole line"
    )
    requires_shipping = models.BooleanField(default=True, db_default=True)

    objects = models.Manager["OrderLine"]()

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["order", "line"], name="orders_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_line_has_units"),
            models.CheckConstraint(
                condition=Q(closed__lte=F("quantity")), name="orders_line_closed_within"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"
