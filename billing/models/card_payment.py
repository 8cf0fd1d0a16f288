"""Paying by card: the states of a payment, its attempts, and their keys at the processor."""

from datetime import datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django_fsm import FSMField, transition

from billing.models.order_facts import OrderFacts
from eventbus import now
from orders.events import Card

#: Cards an order may be tried with: who tries more is trying out cards.
MOST_CARDS = 5


class CardPayment(OrderFacts):
    """How far the payment of an order has come, with the newest of its cards."""

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

    payment_id = models.UUIDField(default=uuid4, editable=False)
    state = FSMField(choices=State.choices, default=State.NEW, protected=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)
    attempt = models.PositiveSmallIntegerField(default=1, help_text="cards tried so far")
    challenge = models.CharField(max_length=100, blank=True)
    authorization = models.CharField(max_length=100, blank=True)
    failed_at = models.DateTimeField(null=True, help_text="when this card was refused")
    decline_code = models.CharField(max_length=50, blank=True)
    decline_reason = models.CharField(max_length=200, blank=True)
    captured = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))

    class Meta:
        abstract = True

    # Questions

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
    def answer_until(self) -> datetime:
        """Until when the bank's question, asked now, is to be answered."""
        until = now() + settings.PAYMENT_CHALLENGE_TIMEOUT
        return min(until, self.expires_at) if self.expires_at else until

    @property
    def pay_until(self) -> datetime | None:
        """Until when a refused payment may be made with another card; None: no longer."""
        return self._another_card_within(settings.PAY_AGAIN_WITHIN)

    @property
    def may_pay_again(self) -> bool:
        """Return whether another card is taken: orders may have extended the wait."""
        within = settings.PAY_AGAIN_WITHIN
        longest = max(within, settings.UNPAID_AT_MOST) if within else within
        return self._another_card_within(longest) is not None

    def _another_card_within(self, time: timedelta) -> datetime | None:
        if self.failed_at is None or self.expires_at is None or self.stopped:
            return None
        until = min(self.failed_at + time, self.expires_at)
        return until if until > now() and self.attempt < MOST_CARDS else None

    def is_tried_with(self, card: Card | None) -> bool:
        """Return whether another card than the first is under way or done, and it is this one."""
        token = card.token if card else ""
        return self.attempt > 1 and self.card_token == token and self.state != self.State.FAILED

    # Keys

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
        """Return the key of this card; each card has keys of its own."""
        return f"{self.order_id}:{operation}" + (f":{self.attempt}" if self.attempt > 1 else "")

    # States

    @transition(
        state,
        source=State.NEW,
        target=State.AUTHORIZING,
        conditions=[attrgetter("may_authorize")],
    )
    def begin_authorization(self) -> None:
        """Record that the processor is about to be asked for the hold."""

    @transition(state, source=State.AUTHORIZING, target=State.NEW)
    def forget_authorization(self) -> None:
        """Record that the processor was never asked, and need not be any more."""

    @transition(state, source=State.AUTHORIZING, target=State.CHALLENGED)
    def demand_confirmation(self, challenge: str) -> None:
        """Record that the bank wants the card's owner to confirm."""
        self.challenge = challenge

    @transition(
        state,
        source=State.CHALLENGED,
        target=State.AUTHORIZING,
        conditions=[attrgetter("may_authorize")],
    )
    def accept_confirmation(self) -> None:
        """Record that the card's owner confirmed: the processor is about to be asked again."""

    @transition(state, source=[State.AUTHORIZING, State.CHALLENGED], target=State.AUTHORIZED)
    def authorize(self, authorization: str) -> None:
        """Record that the amount is held."""
        self.authorization = authorization

    @transition(
        state,
        source=[State.AUTHORIZING, State.CHALLENGED, State.AUTHORIZED, State.CAPTURING],
        target=State.FAILED,
    )
    def fail(self, code: str, reason: str) -> None:
        """Record that no money will come of this card."""
        self.failed_at = now()
        self.decline_code, self.decline_reason = code, reason

    @transition(
        state, source=State.FAILED, target=State.NEW, conditions=[attrgetter("may_pay_again")]
    )
    def pay_again(self, card: Card | None) -> None:
        """Take another card of the shopper: nothing of the first one's counts for it."""
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
        """Record that the processor is about to be asked for the money."""

    @transition(state, source=State.CAPTURING, target=State.AUTHORIZED)
    def forget_capture(self) -> None:
        """Record that the processor was never asked for the money, and must not be any more."""

    @transition(state, source=State.CAPTURING, target=State.CAPTURED)
    def capture(self) -> None:
        """Record that the money was taken."""
        self.captured = self.amount

    @transition(
        state,
        source=[State.CHALLENGED, State.AUTHORIZED],
        target=State.VOIDING,
        conditions=[attrgetter("stopped")],
    )
    def begin_void(self) -> None:
        """Record that the processor is about to be asked to release the hold, or to close it."""

    @transition(state, source=State.VOIDING, target=State.VOIDED)
    def void(self) -> None:
        """Record that nothing is held any more."""
