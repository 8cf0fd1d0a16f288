"""The console's tables: episodes of alerts."""

import uuid

from django.db import models
from django.db.models import Q

from eventbus import clock


class Alert(models.Model):
    """An episode in which something was above its limit; over when `ended_at` is set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=30)
    about = models.CharField(max_length=150, blank=True, help_text="an app or reaction, if any")
    message = models.CharField(max_length=500, help_text="what was found, in words")
    began_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now, help_text="when it was last found")
    ended_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(
        null=True, help_text="when it was seen that somebody was told, or a relay told them itself"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "about"], condition=Q(ended_at=None), name="eventbus_alert_once"
            ),
        ]
        indexes = [models.Index(fields=["-began_at"], name="eventbus_alert_began")]

    def __str__(self) -> str:
        return f"{self.rule} {self.about}".strip()
