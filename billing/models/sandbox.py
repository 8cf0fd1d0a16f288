"""The sandbox processor's own books, apart from billing's."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from billing.gateway import Answer, Approved, Challenge, Declined


class SandboxOperation(models.Model):
    """One operation the sandbox was asked for, and its answer: one row for each key."""

    class Kind(models.TextChoices):
        AUTHORIZE = "authorize"
        CAPTURE = "capture"
        VOID = "void"
        REFUND = "refund"

    class Outcome(models.TextChoices):
        APPROVED = "approved"
        DECLINED = "declined"
        CHALLENGE = "challenge"

    #: what must be the same when a key is used again
    PARAMETERS = ("kind", "authorization", "token", "amount", "currency", "challenge")

    key = models.CharField(primary_key=True, max_length=200)
    kind = models.CharField(max_length=10, choices=Kind)
    authorization = models.CharField(max_length=50, blank=True, help_text="the hold it is about")
    token = models.CharField(max_length=100, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, blank=True)
    challenge = models.CharField(max_length=50, blank=True)
    outcome = models.CharField(
        max_length=10, choices=Outcome, blank=True, help_text="empty: not carried out yet"
    )
    reference = models.CharField(max_length=50, blank=True)
    code = models.CharField(max_length=50, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    outages = models.PositiveSmallIntegerField(default=0, help_text="times it was not available")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["authorization"], condition=~Q(authorization=""), name="sandbox_follow_up"
            ),
            models.Index(
                fields=["reference"], condition=~Q(reference=""), name="sandbox_reference"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.outcome}"

    def related(self) -> list[Self]:
        """Return what decides about this operation: the rows of its key and of its hold, locked.

        The hold is locked first: what was added to it meanwhile is seen by the
        second statement only.
        """
        rows = type(self).objects.select_for_update()
        if not self.authorization:
            return list(rows.filter(key=self.key))
        list(rows.filter(reference=self.authorization))
        hold = Q(reference=self.authorization) | Q(authorization=self.authorization)
        return list(rows.filter(Q(key=self.key) | hold))

    def asks_as(self, other: Self) -> bool:
        """Return whether both ask for the same thing."""
        return all(getattr(self, name) == getattr(other, name) for name in self.PARAMETERS)

    @property
    def answer(self) -> Answer | None:
        """The answer that was decided, the same for ever; None while there is none."""
        answers: dict[str, Answer] = {
            self.Outcome.APPROVED: Approved(self.reference),
            self.Outcome.DECLINED: Declined(self.code, self.reason),
            self.Outcome.CHALLENGE: Challenge(self.reference),
        }
        return answers.get(self.outcome)

    def decide(self, answer: Answer) -> None:
        match answer:
            case Approved(reference):
                self.outcome, self.reference = self.Outcome.APPROVED, reference
            case Challenge(reference):
                self.outcome, self.reference = self.Outcome.CHALLENGE, reference
            case Declined(code, reason):
                self.outcome, self.code, self.reason = self.Outcome.DECLINED, code, reason


def approved_amount(operations: Iterable[SandboxOperation], kind: str) -> Decimal:
    """Return what the approved operations of one kind add up to."""
    return sum(
        (
            operation.amount
            for operation in operations
            if operation.kind == kind and operation.outcome == SandboxOperation.Outcome.APPROVED
        ),
        Decimal(0),
    )
