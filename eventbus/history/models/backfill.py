"""Backfills that are under way."""

from django.db import models
from django.db.models.functions import Now


class Backfill(models.Model):
    """A backfill that has begun and has not ended: whatever is killed, it is gone on with here."""

    app = models.CharField(max_length=50, primary_key=True)
    since = models.DateTimeField(help_text="events that occurred then or later")
    type = models.CharField(max_length=100, blank=True, help_text="empty: all that it reacts to")
    position = models.UUIDField(null=True, help_text="the last event that was fed")
    begun_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"backfill of {self.app}"
