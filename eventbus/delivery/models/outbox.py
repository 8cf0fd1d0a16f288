"""Every event ever emitted."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from eventbus.context import current_reaction
from eventbus.envelope import Envelope


class OutboxEvent(models.Model):
    """An emitted event. Rows stay: stories, replays and late joiners read them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    type = models.CharField(max_length=100)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=255)
    correlation_id = models.UUIDField()
    causation_id = models.UUIDField(null=True)
    # A default of the database's own: processes of the release before do not name the column.
    emitted_by = models.CharField(
        max_length=100, blank=True, db_default="", help_text="the reaction that emitted it, if any"
    )
    traceparent = models.CharField(max_length=55)
    data = models.JSONField()
    occurred_at = models.DateTimeField()
    publish_after = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True, help_text="a relay's lease on the row")
    redacted_at = models.DateTimeField(null=True, help_text="when what is personal was blanked")

    class Meta:
        verbose_name = "event"
        indexes = [
            models.Index(
                fields=["publish_after"],
                condition=Q(published_at=None),
                name="eventbus_unpublished",
            ),
            models.Index(fields=["correlation_id"], name="eventbus_correlation"),
            models.Index(fields=["subject"], name="eventbus_subject"),
            models.Index(fields=["type", "occurred_at"], name="eventbus_type_occurred"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"

    @classmethod
    def of(cls, envelope: Envelope, publish_after=None) -> Self:
        """Return the row of an emitted event, not yet saved."""
        return cls(
            id=envelope.id,
            type=envelope.type,
            version=envelope.version,
            subject=envelope.subject,
            correlation_id=envelope.correlation_id,
            causation_id=envelope.causation_id,
            emitted_by=current_reaction(),
            traceparent=envelope.traceparent,
            data=envelope.data,
            occurred_at=envelope.occurred_at,
            # Not by the clock of the emitting host: it would be due late, or before its time.
            publish_after=publish_after or Now(),
        )

    @property
    def envelope(self) -> Envelope:
        return Envelope(
            id=self.id,
            type=self.type,
            version=self.version,
            subject=self.subject,
            correlation_id=self.correlation_id,
            causation_id=self.causation_id,
            traceparent=self.traceparent,
            occurred_at=self.occurred_at,
            data=self.data,
        )
