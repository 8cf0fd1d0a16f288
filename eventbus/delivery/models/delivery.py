"""The outcome of each reaction to each event."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from eventbus.delivery.models.outbox import OutboxEvent


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
        MUTED = "muted", "muted, was history"

    #: How long from the moment it is saved until it is due: a retry, or the end of a lease.
    due_in: timedelta | None = None

    OPEN: ClassVar = (State.WAITING, State.FAILED)
    #: those a person may still retry as well
    UNSETTLED: ClassVar = (*OPEN, State.PARKED)

    # Without a constraint of the database, which would read both tables whole when a month of
    # events is taken away. Who makes a delivery holds its event's row or has just seen it.
    # Without an index either: `eventbus_once` begins with it.
    event = models.ForeignKey(
        OutboxEvent,
        models.PROTECT,
        related_name="deliveries",
        db_constraint=False,
        db_index=False,
    )
    app = models.CharField(max_length=50)
    reaction = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    sends = models.PositiveSmallIntegerField(default=0, help_text="times sent again")
    resend_at = models.DateTimeField(null=True, help_text="when the relay sends it again")
    leased_until = models.DateTimeField(
        null=True, help_text="held until then, by an outside call or, past, by a pause"
    )
    error = models.TextField(blank=True)
    # Defaults of the database's own: processes of the release before do not name the columns.
    fingerprint = models.CharField(
        max_length=16, blank=True, db_default="", help_text="the same for errors that are alike"
    )
    created_at = models.DateTimeField(db_default=Now())
    waiting_since = models.DateTimeField(
        db_default=Now(), help_text="made, or begun anew by a person or the end of a pause"
    )
    closed_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        permissions = [
            ("operate", "Can retry, discard, pause and resume reactions"),
            ("see_personal", "Can see what events tell of people"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "app", "reaction"], name="eventbus_once"),
        ]
        indexes = [
            models.Index(
                fields=["app", "resend_at"],
                condition=Q(state__in=["waiting", "failed"]),
                name="eventbus_open",
            ),
            models.Index(
                fields=["app", "reaction", "waiting_since"],
                condition=Q(state__in=["waiting", "failed"]),
                name="eventbus_waiting",
            ),
            models.Index(
                fields=["app", "reaction", "fingerprint"],
                condition=Q(state__in=["failed", "parked"]),
                name="eventbus_troubled",
            ),
            models.Index(
                fields=["fingerprint"],
                condition=Q(state__in=["failed", "parked"]),
                name="eventbus_fingerprint",
            ),
            models.Index(
                fields=["id"],
                condition=Q(state__in=["failed", "parked"]),
                name="eventbus_troubled_in_order",
            ),
            models.Index(fields=["closed_at"], condition=Q(state="done"), name="eventbus_done_at"),
        ]

    def __str__(self) -> str:
        return f"{self.app}.{self.reaction or '?'}: {self.state}"


@dataclass(slots=True)
class LockedDelivery:
    """A delivery that is locked to be run: what is read of its row, and written when it has run.

    Not the model: Django takes longer to make one than PostgreSQL to find its row.
    """

    id: int
    event_id: UUID
    app: str
    reaction: str
    state: str
    attempts: int
    error: str
    fingerprint: str
    duration_ms: int | None
    leased_until: datetime | None
    is_unleased: bool
    is_paused: bool
    due_in: timedelta | None = None
