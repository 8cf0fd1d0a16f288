"""Audit runs and their findings."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone


class AuditRun(models.Model):
    """One audit; `finished_at` is empty until every rule is checked.

    `findings` has those of the rules checked so far.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.CharField(max_length=150)
    requested_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, help_text="by the process that runs it")
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, db_default="", help_text="why it came to no end")
    seconds = models.FloatField(null=True)
    events = models.PositiveBigIntegerField(default=0)
    expected = models.PositiveBigIntegerField(default=0)
    handled = models.PositiveBigIntegerField(default=0)
    waiting = models.PositiveBigIntegerField(default=0)
    parked = models.PositiveBigIntegerField(default=0)
    findings = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(finished_at=None), name="audit_one_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["-finished_at"], name="audit_run_finished")]

    def __str__(self) -> str:
        return f"audit of {timezone.localtime(self.requested_at):%Y-%m-%d %H:%M}"

    @classmethod
    def last(cls) -> Self | None:
        """Return the last finished audit."""
        return cls.objects.exclude(finished_at=None).order_by("-finished_at").first()

    @property
    def broken(self) -> list[dict[str, Any]]:
        """Return the findings of broken rules."""
        return [finding for finding in self.findings if finding["violations"]]

    @property
    def lost(self) -> int:
        return self._violations("lost")

    @property
    def doubled(self) -> int:
        return self._violations("doubled")

    def _violations(self, promise: str) -> int:
        return sum(f["violations"] for f in self.findings if f["promise"] == promise)
