"""The payment of an order: its cards, how long it waits for the shopper, and what went back."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models

from eventbus import now
from orders.models.state import State


class Payment(models.Model):
    """The columns of an order that say how far its payment is."""

    #: of the order itself
    state: Any
    expires_at: Any

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
    captured_at = models.DateTimeField(null=True)
    billed_at = models.DateTimeField(null=True)
    captured_total = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    refunded_total = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    refund_revision = models.PositiveIntegerField(
        default=0, db_default=0, help_text="of billing, for what was given back so far"
    )
    refund_failed_at = models.DateTimeField(
        null=True, help_text="when the shopper's bank sent money back that has not gone since"
    )

    class Meta:
        abstract = True

    def is_billed(self) -> bool:
        return self.billed_at is not None

    def is_refunded(self) -> bool:
        return 0 < self.captured_total <= self.refunded_total

    def is_kept(self) -> bool:
        return not self.is_refunded()

    @property
    def waits_for_shopper(self) -> bool:
        """Tell whether the shopper may still give another card, or answer the bank."""
        return self.state == State.PLACED and self.pay_until is not None and self.pay_until > now()

    @property
    def can_pay_again(self) -> bool:
        """Tell whether the payment was refused and another card may still be given."""
        return self.waits_for_shopper and self.payment_failed_at is not None

    def record_attempt(self, attempt: int) -> None:
        """Begin anew where this card, counted from 1, is newer than the one known."""
        if attempt > self.payment_attempt:
            self.payment_attempt = attempt
            self.authorized_at = None
            self.questions = self.answers = 0
            self.clear_refusal()

    def is_open(self, attempt: int) -> bool:
        """Tell whether this card is the newest one, and was not refused as far as is known."""
        return attempt == self.payment_attempt and self.payment_failed_at is None

    def record_refusal(self, at: datetime, code: str, reason: str, until: datetime | None) -> None:
        """Record that the newest card was refused, and until when another one may be given."""
        self.authorized_at = None
        self.payment_failed_at = at
        self.payment_failed_code, self.payment_failed_reason = code, reason
        self._wait_until(until if self.may_pay_again else None)

    def record_challenge(self, until: datetime) -> None:
        """Record that the bank asks the shopper, and wait for the answer.

        The answer, or what came of it, may have been recorded before: then nothing is waited for.
        """
        self.questions += 1
        waits = self.state == State.PLACED and not (self.authorized_at or self.captured_at)
        if waits and self.questions > self.answers:
            self._wait_until(until)

    def record_answer(self) -> None:
        """Record that the shopper answered the bank: now it is the bank that is waited for."""
        self.answers += 1
        if self.answers >= self.questions:
            self.pay_until = None

    def record_refund(self, revision: int, refunded: Decimal, failed_at: datetime | None) -> None:
        """Record what went back so far, unless more or something newer is known."""
        if (revision, refunded) >= (self.refund_revision, self.refunded_total):
            self.refund_revision, self.refunded_total = revision, refunded
            self.refund_failed_at = failed_at

    @property
    def extended_wait(self) -> datetime | None:
        """Return the later end of its wait for a shopper who is there; None: not worth a write.

        Not beyond `UNPAID_AT_MOST` of waiting, nor the order's own end; a wait that is over
        stays over.
        """
        if not (self.waits_for_shopper and self.pay_until and self.waited_since):
            return None
        wanted = now() + settings.PAYMENT_CHALLENGE_TIMEOUT
        until = min(wanted, self.waited_since + settings.UNPAID_AT_MOST, self.expires_at)
        return until if until - self.pay_until > settings.PAYMENT_CHALLENGE_TIMEOUT / 10 else None

    def clear_refusal(self) -> None:
        """Stop waiting for the shopper: another card is under way, or has paid."""
        self.payment_failed_at = self.pay_until = None
        self.payment_failed_code = self.payment_failed_reason = ""

    def _wait_until(self, until: datetime | None) -> None:
        self.pay_until = until
        if until:
            self.waited_since = self.waited_since or now()
