"""What came from foreign systems: which events were made of it, and what was rejected."""

from django.db import models
from django.db.models.functions import Now


class InboundEvent(models.Model):
    """An event that a foreign system stated, by the id that it has there: one event each."""

    event_id = models.UUIDField(primary_key=True, help_text="of the event here")
    source = models.CharField(max_length=255)
    foreign_id = models.CharField(max_length=255)
    stated_at = models.DateTimeField(null=True, help_text="by the sender's own clock")
    accepted_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "foreign_id"], name="eventbus_inbound_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.foreign_id} of {self.source}"


class RejectedEvent(models.Model):
    """What came and was no event that is taken in, once however often it came."""

    digest = models.CharField(max_length=64, help_text="SHA-256 of what came")
    via = models.CharField(max_length=255, help_text="the queue or topic that it came by")
    reason = models.CharField(max_length=500)
    source = models.CharField(max_length=255, blank=True)
    foreign_id = models.CharField(max_length=255, blank=True)
    type = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(help_text="bytes")
    content = models.BinaryField(null=True, help_text="as it came, unless it was too large")
    count = models.PositiveBigIntegerField(default=1)
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["via", "digest"], name="eventbus_inbound_reject_once"),
        ]
        indexes = [models.Index(fields=["last_at"], name="eventbus_inbound_reject_last")]

    def __str__(self) -> str:
        return f"{self.type or 'something'} by {self.via}: {self.reason}"
