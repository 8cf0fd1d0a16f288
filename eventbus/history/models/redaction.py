"""Whose history is to be blanked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from eventbus.delivery.models.outbox import OutboxEvent


class Redaction(models.Model):
    """Whose history is to be blanked; the row goes when nothing is left to blank."""

    subjects = ArrayField(models.TextField())
    naming = models.TextField(blank=True, help_text="a personal text, such as an address")
    among = ArrayField(models.TextField(), default=list, help_text="event types `naming` is in")
    cause = models.ForeignKey(OutboxEvent, models.PROTECT, null=True, related_name="+")
    looks = models.PositiveSmallIntegerField(default=0)
    next_look_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["next_look_at"], name="eventbus_redaction_due")]

    def __str__(self) -> str:
        return f"redaction of {len(self.subjects)} subjects"
