"""The money of one order."""

from datetime import datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Max, Q, Sum
from django.utils import timezone
from django_fsm import FSMField, transition

from billing.errors import NothingCaptured, WrongAmount
from billing.models.refund import Refund
from eventbus import LockingManager, now
from orders.events import Card, OrderPlaced

#: Cards an order may be tried with: who tries more is trying out cards.
MOST_CARDS = 5


class Charge(models.Model):
    """The one payment of an order, and every fact that decides about it.

    Facts come in any order, so the row is made by whichever comes first.
    """

    class State(models.TextChoices):
        NEW = "new", "nothing asked of the processor"
        AUTHORIZING = "authorizing", "asking for the hold"
        CHALLENGED = "challenged", "the card's owner must confirm"
        AUTHORIZED = "authorized", "held"
        CAPTURING = "capturing", "taking the money"
        CAPTURED = "captured", "taken"
        FAILED = "failed", "declined"
        VOIDING = "voiding", "releasing the hold"
        VOIDED = "voided", "released"

    order_id = models.UUIDField(primary_key=True)
    payment_id = models.UUIDField(default=uuid4, editable=False)
    state = FSMField(choices=State.choices, default=State.NEW, protected=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)

    placed_at = models.DateTimeField(null=True, help_text="empty until OrderPlaced was seen")
    expires_at = models.DateTimeField(null=True, help_text="when the order is given up")
    number = models.CharField(max_length=50, blank=True)
    customer_id = models.CharField(max_length=100, blank=True, help_text="empty for a guest")
    email = models.CharField(max_length=254, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, blank=True)
    card_token = models.CharField(max_length=100, blank=True)
    card_last4 = models.CharField(max_length=4, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1, help_text="cards tried so far")
    points = models.PositiveBigIntegerField(default=0, help_text="that pay a part of the order")

    ships = models.BooleanField(default=True, db_default=True, help_text="whether goods are sent")

    stock_reserved = models.BooleanField(default=False)
    cleared = models.BooleanField(default=False)
    points_redeemed = models.BooleanField(default=False)
    points_rejected = models.BooleanField(default=False)
    stock_rejected = models.BooleanField(default=False)
    fraud_refused = models.BooleanField(default=False)
    cancellation = models.CharField(
        max_length=20, blank=True, help_text="why the order was cancelled; empty: it was not"
    )

    keeps_money = models.BooleanField(
        default=False,
        db_default=False,
        help_text="staff cancelled the order without giving its money back",
    )
    challenge = models.CharField(max_length=100, blank=True)
    authorization = models.CharField(max_length=100, blank=True)
    failed_at = models.DateTimeField(null=True, help_text="when this card was refused")
    decline_code = models.CharField(max_length=50, blank=True)
    decline_reason = models.CharField(max_length=200, blank=True)
    captured = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    promised = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        help_text="sum of all refunds, pending ones included",
    )
    refunded = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    reduced = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        help_text="what is to go back for goods that will not come",
    )
    refund_changes = models.PositiveIntegerField(
        default=0, db_default=0, help_text="times that the amount given back has changed"
    )

    erased_at = models.DateTimeField(null=True, help_text="when its shopper was forgotten")

    objects = LockingManager["Charge"]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(captured=0) | Q(state="captured", captured=F("amount")),
                name="billing_captured_once_and_in_full",
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0)
                & Q(refunded__lte=F("promised"))
                & Q(promised__lte=F("captured")),
                name="billing_refunded_within_captured",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.order_id}: {self.state}"

    def place(self, order: OrderPlaced) -> None:
        """Note what was ordered, once: another card may have been given since."""
        if self.placed_at is not None:
            return
        self.placed_at, self.expires_at = order.placed_at, order.expires_at
        self.number, self.email = order.number, order.email
        self.customer_id = order.customer_id or ""
        self.amount, self.currency = order.total, order.currency
        self.points = order.points
        self.ships = any(line.requires_shipping for line in order.lines)
        self.use(order.card)

    def use(self, card: Card | None) -> None:
        """Ask this card; without one the processor's own page asks for it."""
        self.card_token = card.token if card else ""
        self.card_last4 = card.last4 if card else ""

    def forget(self, at: datetime) -> None:
        """Keep nothing of who paid but an id that leads to nobody."""
        self.erased_at = at
        self.email = self.card_token = self.card_last4 = ""

    @property
    def stopped(self) -> bool:
        """Whether something was seen after which no money may be taken."""
        return (
            bool(self.cancellation)
            or self.stock_rejected
            or self.points_rejected
            or self.fraud_refused
        )

    @property
    def expired(self) -> bool:
        """Whether the order has been given up, though we may not have heard of it yet.

        A worker that was off for days then takes no money that it would only give back.
        """
        return self.expires_at is not None and self.expires_at <= now()

    @property
    def may_authorize(self) -> bool:
        is_over = self.stopped or self.expired or self.erased_at is not None
        return self.placed_at is not None and not is_over

    @property
    def ready_to_capture(self) -> bool:
        """The join: money held, points taken, stock reserved, order cleared, nothing stops it."""
        return (
            self.state == self.State.AUTHORIZED
            and self.stock_reserved
            and self.cleared
            and (self.points_redeemed or not self.points)
            and not self.stopped
            and not self.expired
        )

    @property
    def must_release(self) -> bool:
        return self.stopped and self.state in (
            self.State.CHALLENGED,
            self.State.AUTHORIZED,
            self.State.VOIDING,
        )

    @property
    def must_refund(self) -> bool:
        is_off = bool(self.cancellation) and not self.keeps_money
        return is_off and self.state == self.State.CAPTURED

    @property
    def refundable(self) -> Decimal:
        """What was taken and is neither given back nor promised to be."""
        return self.captured - self.promised

    @property
    def kept(self) -> Decimal:
        """What was taken less what was given back; what a bank took after a dispute is not."""
        if not self.refunded:
            return self.captured
        taken = self.refunds.filter(
            state=Refund.State.DONE, reference__startswith=f"{Refund.DISPUTED}:"
        ).aggregate(sum=Sum("amount", default=Decimal(0)))["sum"]
        return self.captured - self.refunded + taken

    def refund_key(self, reference: str) -> str:
        """Our name at the processor for the refund of this reference."""
        return f"{self.order_id}:refund:{reference}"

    @property
    def answer_until(self) -> datetime:
        """Until when the bank's question, asked now, is to be answered."""
        until = now() + settings.ANSWER_WITHIN
        return min(until, self.expires_at) if self.expires_at else until

    @property
    def pay_until(self) -> datetime | None:
        """Until when a refused payment may be made with another card; None: no longer."""
        return self._another_card_within(settings.PAY_AGAIN_WITHIN)

    @property
    def may_pay_again(self) -> bool:
        """Whether another card is taken: the wait that orders decides on may have been extended."""
        within = settings.PAY_AGAIN_WITHIN
        longest = max(within, settings.UNPAID_AT_MOST) if within else within
        return self._another_card_within(longest) is not None

    def _another_card_within(self, time: timedelta) -> datetime | None:
        if self.failed_at is None or self.expires_at is None or self.stopped:
            return None
        until = min(self.failed_at + time, self.expires_at)
        return until if until > now() and self.attempt < MOST_CARDS else None

    def is_tried_with(self, card: Card | None) -> bool:
        """Whether another card than the first is under way or done, and it is this one."""
        token = card.token if card else ""
        return self.attempt > 1 and self.card_token == token and self.state != self.State.FAILED

    @property
    def authorization_key(self) -> str:
        """Our name for the hold at the processor: a confirmed payment asks for it anew."""
        return self._key("authorize") + (":confirmed" if self.challenge else "")

    @property
    def capture_key(self) -> str:
        return self._key("capture")

    @property
    def void_key(self) -> str:
        return self._key("void")

    def _key(self, operation: str) -> str:
        """Each card has keys of its own."""
        return f"{self.order_id}:{operation}" + (f":{self.attempt}" if self.attempt > 1 else "")

    @transition(
        state,
        source=State.NEW,
        target=State.AUTHORIZING,
        conditions=[attrgetter("may_authorize")],
    )
    def begin_authorization(self) -> None:
        """The processor is about to be asked for the hold."""

    @transition(state, source=State.AUTHORIZING, target=State.NEW)
    def forget_authorization(self) -> None:
        """The processor was never asked, and need not be any more."""

    @transition(state, source=State.AUTHORIZING, target=State.CHALLENGED)
    def demand_confirmation(self, challenge: str) -> None:
        """The bank wants the card's owner to confirm."""
        self.challenge = challenge

    @transition(
        state,
        source=State.CHALLENGED,
        target=State.AUTHORIZING,
        conditions=[attrgetter("may_authorize")],
    )
    def accept_confirmation(self) -> None:
        """The card's owner confirmed: the processor is about to be asked again."""

    @transition(state, source=[State.AUTHORIZING, State.CHALLENGED], target=State.AUTHORIZED)
    def authorize(self, authorization: str) -> None:
        """The amount is held."""
        self.authorization = authorization

    @transition(
        state,
        source=[State.AUTHORIZING, State.CHALLENGED, State.AUTHORIZED, State.CAPTURING],
        target=State.FAILED,
    )
    def fail(self, code: str, reason: str) -> None:
        """No money will come of this card."""
        self.failed_at = now()
        self.decline_code, self.decline_reason = code, reason

    @transition(
        state, source=State.FAILED, target=State.NEW, conditions=[attrgetter("may_pay_again")]
    )
    def pay_again(self, card: Card | None) -> None:
        """The shopper gave another card: nothing of the first one's counts for it."""
        self.attempt += 1
        self.payment_id = uuid4()
        self.use(card)
        self.failed_at = None
        self.challenge = self.authorization = self.decline_code = self.decline_reason = ""

    @transition(
        state,
        source=State.AUTHORIZED,
        target=State.CAPTURING,
        conditions=[attrgetter("ready_to_capture")],
    )
    def begin_capture(self) -> None:
        """The processor is about to be asked for the money."""

    @transition(state, source=State.CAPTURING, target=State.AUTHORIZED)
    def forget_capture(self) -> None:
        """The processor was never asked for the money, and must not be any more."""

    @transition(state, source=State.CAPTURING, target=State.CAPTURED)
    def capture(self) -> None:
        """The money was taken."""
        self.captured = self.amount

    @transition(
        state,
        source=[State.CHALLENGED, State.AUTHORIZED],
        target=State.VOIDING,
        conditions=[attrgetter("stopped")],
    )
    def begin_void(self) -> None:
        """The processor is about to be asked to release the hold, or close its open question."""

    @transition(state, source=State.VOIDING, target=State.VOIDED)
    def void(self) -> None:
        """Nothing is held any more."""

    def open_refund(self, reference: str, amount: Decimal, reason: str) -> Refund:
        """Set an amount aside for a new refund. Raises `NothingCaptured`, `WrongAmount`."""
        self._must_be_captured()
        if not 0 < amount <= self.refundable:
            raise WrongAmount(f"{self.refundable} {self.currency} can be refunded, not {amount}")
        self.promised += amount
        return self.refunds.create(reference=reference, amount=amount, reason=reason)

    def refund_up_to(self, amount: Decimal, reference: str, reason: str) -> Refund | None:
        """The refund of this reference, opened now unless it was before.

        Opened for what is left where that is less than `amount`; None when nothing is.
        Raises `NothingCaptured`.
        """
        self._must_be_captured()
        known = self.refunds.filter(reference=reference).first()
        amount = min(amount, self.refundable)
        return known if known or not amount else self.open_refund(reference, amount, reason)

    def refund_for_cancellation(self) -> Refund | None:
        """The refund of everything not yet refunded, opened now unless it was before."""
        reason = f"order cancelled: {self.cancellation}"
        return self.refund_up_to(self.refundable, f"cancel:{self.order_id}", reason)

    def refund_for_reduction(self, amount: Decimal, reference: str, reason: str) -> Refund | None:
        """The refund of goods that will not come, opened now unless it was before.

        What staff gave back by hand, here or there, counts towards it. Raises `NothingCaptured`.
        """
        if known := self.refunds.filter(reference=reference).first():
            return known
        self.reduced += amount
        kinds = ("staff", "reduced", Refund.MADE_THERE)
        counts = Q(*((("reference__startswith", f"{kind}:")) for kind in kinds), _connector=Q.OR)
        lasting = self.refunds.filter(counts, state__in=Refund.LASTING)
        given = lasting.aggregate(sum=Sum("amount", default=Decimal(0)))["sum"]
        return self.refund_up_to(max(self.reduced - given, Decimal(0)), reference, reason)

    def gave_back(self, refund: Refund) -> None:
        """Count a refund that is done."""
        self.refunded += refund.amount
        self.refund_changes += 1

    def came_back(self, refund: Refund, *, was_done: bool) -> None:
        """Count out a refund that the bank did not take: the amount may go back anew."""
        self.promised -= refund.amount
        if was_done:
            self.refunded -= refund.amount
            self.refund_changes += 1

    def note_refund(self, reference: str, amount: Decimal, there: str, reason: str) -> Refund:
        """Write down a refund that somebody made at the processor."""
        self.promised += amount
        refund = self.refunds.create(reference=reference, amount=amount, reason=reason)
        refund.finish(there)
        refund.save()
        self.gave_back(refund)
        return refund

    def fit_pending(self, room: Decimal) -> None:
        """Let pending refunds give back no more than `room` together; the oldest go first.

        One for which less is left is overtaken, and another takes what is left.
        """
        for refund in self.pending_refunds:
            fits = min(refund.amount, room)
            room -= fits
            if fits < refund.amount:
                self._overtake(refund, fits)

    @property
    def pending_refunds(self) -> list[Refund]:
        """The oldest first."""
        return list(self.refunds.filter(state=Refund.State.PENDING).order_by("opened_at", "id"))

    def _overtake(self, refund: Refund, rest: Decimal) -> None:
        refund.overtake()
        refund.save()
        self.promised += rest - refund.amount
        if rest:
            named = {"reference": f"{refund.reference}:rest", "reason": refund.reason}
            self.refunds.create(amount=rest, **named)

    def _must_be_captured(self) -> None:
        if self.state != self.State.CAPTURED:
            raise NothingCaptured(f"order {self}: no money was taken")


class Invoice(models.Model):
    """A taken payment's invoice; its number is the row's, and none is ever left out."""

    id = models.BigIntegerField(primary_key=True, editable=False)
    charge = models.OneToOneField(Charge, models.PROTECT, related_name="invoice")
    total = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    issued_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.number

    @classmethod
    def issue(cls, charge: Charge) -> Self:
        """Write the invoice of a taken payment; the next one's waits until this is committed.

        A sequence would leave out the number of a transaction that was rolled back.
        """
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended('billing.Invoice', 0))")
        last = cls.objects.aggregate(last=Max("id", default=0))["last"]
        return cls.objects.create(
            id=last + 1, charge=charge, total=charge.captured, currency=charge.currency
        )

    @property
    def number(self) -> str:
        return f"INV-{self.id:08}"
