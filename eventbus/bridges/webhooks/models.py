"""Who is told of what, each event that is to be told, and each attempt to."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from eventbus import LockingManager, now, unseal
from eventbus.bridges.webhooks import schedule
from eventbus.bridges.webhooks.outcome import Outcome
from eventbus.bridges.webhooks.receiver_url import host_of
from eventbus.conf import conf
from eventbus.sealed import seal

#: A seal on a secret of ours is for as long as the subscription is there.
FOR_EVER = timedelta(days=100 * 365)


class SubscriptionManager(LockingManager["Subscription"]):
    def wanting(self, types: Collection[str]) -> models.QuerySet[Subscription]:
        """Return the subscriptions that are told of any of these types now."""
        return self.filter(disabled_at=None, event_types__overlap=list(types))


class Subscription(models.Model):
    """A receiver's wish to be told of events of these types."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(
        max_length=100,
        blank=True,
        editable=False,
        help_text="whose it is, as the project calls them; empty: of the house, told of all events",
    )
    url = models.CharField(max_length=500, help_text="where events are posted to, by https")
    event_types = ArrayField(models.CharField(max_length=100))
    description = models.CharField(max_length=200, blank=True)
    sees_personal = models.BooleanField(
        "sees personal data",
        default=False,
        help_text="whether names, addresses and what people wrote are sent; else they are blank",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    secret = models.TextField(editable=False, help_text="sealed")
    old_secret = models.TextField(editable=False, blank=True, help_text="sealed; signs as well")
    old_secret_until = models.DateTimeField(editable=False, null=True)
    failing_since = models.DateTimeField(
        editable=False, null=True, help_text="when an attempt failed that none has succeeded since"
    )
    unanswered = models.PositiveIntegerField(
        editable=False, default=0, help_text="attempts in a row that it did not answer"
    )
    rests_until = models.DateTimeField(
        editable=False, null=True, help_text="nothing is sent before: it did not answer"
    )
    disabled_at = models.DateTimeField(editable=False, null=True)
    disabled_because = models.CharField(
        editable=False, blank=True, max_length=10, help_text="gone, failing, or by a person"
    )
    turn = models.PositiveIntegerField(editable=False, default=0, help_text="the last one's number")
    turn_at = models.DateTimeField(editable=False, null=True, help_text="empty: there is none")

    objects = SubscriptionManager()

    class Meta:
        indexes = [
            models.Index(
                fields=["owner"], condition=Q(disabled_at=None), name="webhooks_enabled_of_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host} ({', '.join(self.event_types)})"

    @property
    def host(self) -> str:
        return host_of(self.url)

    @property
    def is_enabled(self) -> bool:
        return self.disabled_at is None

    def sign_with(self, secret: str) -> None:
        """Seal a new secret; the one before signs as well for a while, if there is one."""
        if self.secret:
            self.old_secret = self.secret
            self.old_secret_until = now() + conf.WEBHOOKS_OLD_SECRET_FOR
        self.secret = seal(secret)

    def secrets(self) -> list[str]:
        """Return the secrets that sign now, the newest first. Raises `CannotOpen`."""
        is_old_valid = self.old_secret_until and self.old_secret_until > now()
        sealed = [self.secret, *([self.old_secret] if is_old_valid else [])]
        return [unseal(each, within=FOR_EVER) for each in sealed]

    def record(self, outcomes: Iterable[Outcome]) -> None:
        """Note how a turn went: whether the receiver takes anything, and whether it answers."""
        for outcome in outcomes:
            if outcome.is_taken:
                self.failing_since = None
            else:
                self.failing_since = self.failing_since or outcome.at
            self.unanswered = 0 if outcome.status else self.unanswered + 1
            self.rests_until = (
                outcome.at + schedule.rest_after(self.unanswered) if self.unanswered else None
            )

    def has_failed_for_long(self) -> bool:
        """Return whether nothing was taken for as long as the settings allow."""
        return bool(
            self.failing_since and now() - self.failing_since >= conf.WEBHOOKS_DISABLE_AFTER
        )

    def disable(self, because: str) -> None:
        """End it until it is enabled again; a turn that is still to come does nothing."""
        self.disabled_at, self.disabled_because = now(), because
        self.turn, self.turn_at = self.turn + 1, None

    def enable(self) -> None:
        """Begin anew, as if nothing had failed."""
        self.disabled_at, self.disabled_because = None, ""
        self.failing_since, self.rests_until, self.unanswered = None, None, 0


class MessageManager(models.Manager["Message"]):
    def pending(self, subscription: Subscription) -> models.QuerySet[Message]:
        """Return what a receiver is still to be told of, what waits longest first."""
        pending = self.filter(subscription=subscription, state=Message.State.PENDING)
        return pending.order_by("next_attempt_at", "event_id")


class Message(models.Model):
    """An event that a receiver is told of. Its data is in the outbox alone."""

    class State(models.TextChoices):
        PENDING = "pending"
        DELIVERED = "delivered"
        FAILED = "failed", "failed: given up"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="messages"
    )
    subscription_id: uuid.UUID
    event_id = models.UUIDField(help_text="webhook-id: the same each time it is sent")
    event_type = models.CharField(max_length=100)
    subject = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0, help_text="since it was last asked for")
    next_attempt_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)
    asked_by = models.CharField(
        max_length=150, blank=True, help_text="who had it sent; empty: the event alone"
    )
    #: its attempts, a manager of `Attempt`
    log: Any

    objects = MessageManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "event_id"], name="webhooks_told_once"),
        ]
        indexes = [
            models.Index(
                fields=["subscription", "next_attempt_at"],
                condition=Q(state="pending"),
                name="webhooks_pending",
            ),
            models.Index(fields=["subject"], name="webhooks_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.subject}"

    def record(self, outcome: Outcome) -> None:
        """Note an attempt: it was taken, or when the next one is, or that there is none."""
        self.attempts += 1
        wait = None if outcome.is_taken else schedule.wait_after(self.attempts)
        self.next_attempt_at = outcome.at + wait if wait else None
        if outcome.is_taken:
            self.state = self.State.DELIVERED
        elif not wait:
            self.state = self.State.FAILED

    def ask_again(self, by: str) -> None:
        """Have it sent once more, as if it had never been."""
        self.state, self.attempts, self.next_attempt_at = self.State.PENDING, 0, now()
        self.asked_by = by


class Attempt(models.Model):
    """One request to a receiver, and what came of it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, help_text="empty: there was no answer")
    duration_ms = models.PositiveIntegerField()
    error = models.CharField(max_length=300, blank=True, help_text="why it was not taken")
    response = models.TextField(blank=True, help_text="how the answer began")
    asked_by = models.CharField(max_length=150, blank=True)

    objects: models.Manager[Attempt] = models.Manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.status or self.error} at {self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def of(cls, message: Message, outcome: Outcome) -> Attempt:
        """Return the log's row, not yet saved."""
        return cls(
            message=message,
            at=outcome.at,
            status=outcome.status,
            duration_ms=outcome.duration_ms,
            error=outcome.error[:300],
            response=outcome.response,
            asked_by=message.asked_by,
        )
