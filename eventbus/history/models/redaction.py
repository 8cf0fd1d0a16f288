"""Requests to redact history."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from eventbus.delivery.models.outbox import OutboxEvent


class Redaction(models.Model):
    """A request to blank personal data in history; deleted when nothing is left to blank."""

    subjects = ArrayField(models.TextField())
    matching_text = models.TextField(blank=True, help_text="a personal text, such as an address")
    event_types = ArrayField(
        models.TextField(), default=list, help_text="event types `matching_text` is in"
    )
    cause = models.ForeignKey(OutboxEvent, models.PROTECT, null=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["next_attempt_at"], name="eventbus_redaction_due")]

    def __str__(self) -> str:
        return f"redaction of {len(self.subjects)} subjects"
