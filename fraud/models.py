"""The tables of fraud: a screening for each order, and what is known to be bad."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_fsm import RETURN_VALUE, FSMField, can_proceed, transition

from eventbus import LockingManager, lasting_digest, mailbox
from fraud.errors import AlreadyDecided, NotFlagged
from orders.events import OrderPlaced


class Finding(NamedTuple):
    """What a rule has against an order: points of 100, and why, for people."""

    points: int
    reason: str


class Screening(models.Model):
    """One order as fraud sees it, and the one verdict about it."""

    class Verdict(models.TextChoices):
        OPEN = "open", "not screened"
        CLEARED = "cleared"
        FLAGGED = "flagged", "flagged, staff must decide"
        REFUSED = "refused"
        MOOT = "moot", "cancelled before it was decided"

    order_id = models.UUIDField(primary_key=True)
    verdict = FSMField(choices=Verdict.choices, default=Verdict.OPEN, protected=True)
    score = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=list, blank=True)
    screened_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True, help_text="who of the staff")
    decided_at = models.DateTimeField(null=True)

    placed_at = models.DateTimeField(null=True, help_text="empty until OrderPlaced was seen")
    number = models.CharField(max_length=50, blank=True)
    customer_id = models.CharField(max_length=100, blank=True, help_text="empty for a guest")
    email = models.CharField(max_length=254, blank=True, help_text="as `mailbox` writes it")
    fingerprint = models.CharField(max_length=100, blank=True, help_text="of the card")
    card_country = models.CharField(max_length=2, blank=True, help_text="empty: not known")
    ship_country = models.CharField(max_length=2, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, blank=True)
    erased_at = models.DateTimeField(null=True, help_text="when its shopper was forgotten")

    objects = LockingManager["Screening"]()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(score__lte=100), name="fraud_score_of_100"),
            models.CheckConstraint(
                condition=Q(decided_by="", decided_at=None)
                | (Q(verdict__in=["cleared", "refused"], decided_at__isnull=False)),
                name="fraud_decided_by_somebody_at_some_time",
            ),
        ]
        indexes = [
            models.Index(fields=["email", "-placed_at"], name="fraud_by_email"),
            models.Index(fields=["fingerprint", "-placed_at"], name="fraud_by_card"),
            models.Index(
                fields=["customer_id", "-placed_at"],
                condition=~Q(customer_id=""),
                name="fraud_by_customer",
            ),
            models.Index(fields=["placed_at"], condition=Q(verdict="flagged"), name="fraud_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.order_id}: {self.verdict}"

    def record(self, order: OrderPlaced) -> None:
        """Take down what the rules look at; without the shopper where they were forgotten."""
        order = order.masked() if self.erased_at else order
        self.placed_at, self.number = order.placed_at, order.number
        self.customer_id, self.email = order.customer_id or "", order.email
        self.fingerprint = order.card.fingerprint if order.card else ""
        self.card_country = order.card.country if order.card else ""
        self.ship_country = order.ship_to.country
        self.amount, self.currency = order.total, order.currency

    @transition(
        verdict,
        source=Verdict.OPEN,
        target=RETURN_VALUE(Verdict.CLEARED, Verdict.FLAGGED, Verdict.REFUSED),
    )
    def judge(self, findings: Sequence[Finding]) -> Verdict:
        """Add up what the rules have against the order."""
        self.score = min(100, sum(finding.points for finding in findings))
        self.reasons = [finding.reason for finding in findings]
        self.screened_at = timezone.now()
        if self.score >= settings.FRAUD_REFUSE_SCORE:
            return self.Verdict.REFUSED
        if self.score >= settings.FRAUD_FLAG_SCORE:
            return self.Verdict.FLAGGED
        return self.Verdict.CLEARED

    @transition(verdict, source=[Verdict.OPEN, Verdict.FLAGGED], target=Verdict.MOOT)
    def withdraw(self) -> None:
        """Record that the order was cancelled: nobody need decide about it."""

    def forget(self, at: datetime) -> None:
        """Keep nothing of whose order it was, nor what people wrote about them.

        An order whose shopper is forgotten is over: nobody need decide about it.
        """
        if can_proceed(self.withdraw):
            self.withdraw()
        self.erased_at = at
        self.email, self.fingerprint, self.reasons = "", "", []

    @transition(verdict, source=Verdict.FLAGGED, target=Verdict.CLEARED)
    def clear(self, by: str) -> None:
        """Record that staff found nothing wrong."""
        self._decided(by, f"cleared by {by}")

    @transition(verdict, source=Verdict.FLAGGED, target=Verdict.REFUSED)
    def refuse(self, by: str, why: str) -> None:
        """Record that staff took it for fraud."""
        self._decided(by, f"refused by {by}: {why}")

    def must_await_decision(self) -> None:
        """Raise `AlreadyDecided` or `NotFlagged` unless staff may decide now."""
        if self.decided_by:
            raise AlreadyDecided(f"{self}: {self.decided_by} has decided")
        if self.verdict != self.Verdict.FLAGGED:
            raise NotFlagged(f"{self}: not waiting for a decision")

    def _decided(self, by: str, reason: str) -> None:
        self.decided_by, self.decided_at = by, timezone.now()
        self.reasons = [*self.reasons, reason]


class Blocked(models.Model):
    """An e-mail address or card that staff know to be bad.

    Of one who was forgotten only a fingerprint is kept: it is recognised, and tells nothing.
    """

    value = models.CharField(
        max_length=254, unique=True, help_text="an e-mail address, or a card's fingerprint"
    )
    note = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "blocked"
        constraints = [
            models.CheckConstraint(
                condition=~Q(value__regex="[A-Z]"), name="fraud_blocked_in_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.value

    @classmethod
    def find(cls, *values: str) -> list[str]:
        """Return which of these addresses and cards are blocked, readable or not, in one query."""
        named = {mailbox(value): value for value in values if value}
        known = named | {_obscured(name): value for name, value in named.items()}
        entries = cls.objects.filter(value__in=known).values_list("value", flat=True)
        return [known[entry] for entry in entries]

    @classmethod
    def readable(cls, *values: str) -> "models.QuerySet[Blocked]":
        """Return the entries in which one of these can be read."""
        return cls.objects.filter(value__in=[mailbox(value) for value in values])

    def obscure(self) -> None:
        """Keep it so that it can be recognised and not read."""
        self.delete()
        Blocked.objects.bulk_create([Blocked(value=_obscured(self.value))], ignore_conflicts=True)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        self.value = mailbox(self.value)
        super().clean_fields(exclude)


def _obscured(value: str) -> str:
    return lasting_digest("fraud.blocked", value)
