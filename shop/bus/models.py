"""What the bus keeps: every event ever stated, and what became of each reaction to it."""

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from shop.bus.context import current_reaction
from shop.bus.envelope import Envelope


class OutboxEvent(models.Model):
    """A stated event. Rows stay: stories, replays and late joiners read them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    type = models.CharField(max_length=100)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=100)
    correlation_id = models.UUIDField()
    causation_id = models.UUIDField(null=True)
    # A default of the database's own: processes of the release before do not name the column.
    stated_by = models.CharField(
        max_length=100, blank=True, db_default="", help_text="the reaction that stated it, if any"
    )
    traceparent = models.CharField(max_length=55)
    data = models.JSONField()
    stated_at = models.DateTimeField()
    publish_after = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True, help_text="a relay's lease on the row")
    redacted_at = models.DateTimeField(null=True, help_text="when what is personal was blanked")

    class Meta:
        verbose_name = "event"
        indexes = [
            models.Index(
                fields=["publish_after"], condition=Q(published_at=None), name="bus_unpublished"
            ),
            models.Index(fields=["correlation_id"], name="bus_correlation"),
            models.Index(fields=["subject"], name="bus_subject"),
            models.Index(fields=["type", "stated_at"], name="bus_type_stated"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"

    @classmethod
    def of(cls, envelope: Envelope, publish_after=None) -> Self:
        """The row of a stated event, not yet saved."""
        return cls(
            id=envelope.id,
            type=envelope.type,
            version=envelope.version,
            subject=envelope.subject,
            correlation_id=envelope.correlation_id,
            causation_id=envelope.causation_id,
            stated_by=current_reaction(),
            traceparent=envelope.traceparent,
            data=envelope.data,
            stated_at=envelope.stated_at,
            publish_after=publish_after or envelope.stated_at,
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
            stated_at=self.stated_at,
            data=self.data,
        )


class Delivery(models.Model):
    """One event's way to one reaction: ledger and inbox in one.

    Closed (`done`) only in the transaction in which the reaction took effect.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed", "failed, will be retried"
        PARKED = "parked", "parked, needs a person"
        DISCARDED = "discarded"

    OPEN: ClassVar = (State.WAITING, State.FAILED)
    #: those a person may still retry as well
    UNSETTLED: ClassVar = (*OPEN, State.PARKED)

    event = models.ForeignKey(OutboxEvent, models.PROTECT, related_name="deliveries")
    app = models.CharField(max_length=50)
    reaction = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    sends = models.PositiveSmallIntegerField(default=0, help_text="times sent again")
    resend_at = models.DateTimeField(null=True, help_text="when the relay sends it again")
    leased_until = models.DateTimeField(null=True, help_text="an outside call is under way")
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["event", "app", "reaction"], name="bus_once"),
        ]
        indexes = [
            models.Index(
                fields=["app", "resend_at"],
                condition=Q(state__in=["waiting", "failed"]),
                name="bus_open",
            ),
            models.Index(
                fields=["app", "reaction"],
                condition=Q(state__in=["failed", "parked"]),
                name="bus_troubled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.app}.{self.reaction or '?'}: {self.state}"


class Redaction(models.Model):
    """Whose history is to be blanked; the row goes when nothing is left to blank."""

    subjects = ArrayField(models.TextField())
    naming = models.TextField(blank=True, help_text="a personal text, such as an address")
    among = ArrayField(models.TextField(), default=list, help_text="event types `naming` is in")
    cause = models.ForeignKey(OutboxEvent, models.PROTECT, null=True, related_name="+")
    looks = models.PositiveSmallIntegerField(default=0)
    next_look_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["next_look_at"], name="bus_redaction_due")]

    def __str__(self) -> str:
        return f"redaction of {len(self.subjects)} subjects"
