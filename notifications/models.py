"""Mails and the carts that may need one."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from typing import Any
from uuid import UUID, uuid5

from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django_fsm import FSMField, FSMModelMixin, transition

from notifications.content import compose, mail_domain
from shop.bus import Event
from shop.events import CartUpdated


class MailManager(models.Manager["Mail"]):
    def written(
        self, kind: str, event: Event, to: str, subject: str, facts: dict[str, Any]
    ) -> "Mail":
        """The mail of this kind about this event to this recipient; composed only once."""
        id = uuid5(event.id, f"{kind} {to}")
        return self.filter(pk=id).first() or self.create(
            id=id,
            event_id=event.id,
            kind=kind,
            recipient=to,
            number=getattr(event, "number", ""),
            message_id=f"<{id}@{mail_domain()}>",
            **compose(kind, event, subject, facts),
        )


class Mail(FSMModelMixin, models.Model):
    """A mail: committed before it is sent, with its outcome after.

    The Message-ID is fixed by the row. SMTP has no idempotency key: when the
    process dies after the server took the mail and before that is recorded, it
    is sent again under the same Message-ID, by which receivers drop the copy.
    Written to files, the copy replaces the first.
    """

    class State(models.TextChoices):
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True)
    event_id = models.UUIDField(help_text="the event it is about")
    kind = models.CharField(max_length=50)
    recipient = models.CharField(max_length=254)
    number = models.CharField("order", max_length=50, blank=True)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField("HTML")
    state = FSMField(default=State.SENDING, choices=State.choices, protected=True)
    created = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField("Message-ID", max_length=300, unique=True)
    error = models.TextField(blank=True, help_text="of the latest attempt")

    objects = MailManager()

    class Meta:
        ordering = ["-created"]
        constraints = [
            models.UniqueConstraint(
                fields=["event_id", "kind", "recipient"], name="notifications_mail_once"
            ),
            models.CheckConstraint(
                name="notifications_sent_has_time",
                condition=Q(state="sent") ^ Q(sent_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["-created"], name="notifications_mail_created")]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("mail", args=[self.pk])

    def conclude(self, refusal: str) -> None:
        """Record how it ended: sent, or refused for this reason."""
        if refusal:
            self.fail(refusal)
        else:
            self.succeed()
        self.save(update_fields=["state", "sent_at", "error"])

    @transition(field=state, source=State.SENDING, target=State.SENT)
    def succeed(self) -> None:
        """The mail server took it."""
        self.sent_at, self.error = timezone.now(), ""

    @transition(field=state, source=State.SENDING, target=State.FAILED)
    def fail(self, refusal: str) -> None:
        """The mail server refused it for good."""
        self.error = refusal

    @property
    def headers(self) -> dict[str, str]:
        """Headers that are the same each time it is sent."""
        return {
            "Message-ID": self.message_id,
            "Date": formatdate(self.created.timestamp()),
            "Auto-Submitted": "auto-generated",
        }

    def message(self) -> EmailMultiAlternatives:
        """The mail as Django sends it: text, with HTML as the alternative."""
        message = EmailMultiAlternatives(
            self.subject, self.text, to=[self.recipient], headers=self.headers
        )
        message.attach_alternative(self.html, "text/html")
        return message


class CartManager(models.Manager["WatchedCart"]):
    @contextmanager
    def locked(self, cart_id: UUID) -> Iterator["WatchedCart"]:
        """The cart's row, locked at once and saved when the block ends; made by the first fact."""
        cart = self.select_for_update().filter(pk=cart_id).first()
        if cart is None:
            self.bulk_create([WatchedCart(cart_id=cart_id)], ignore_conflicts=True)
            cart = self.select_for_update().get(pk=cart_id)
        yield cart
        cart.save()


class WatchedCart(models.Model):
    """The newest state of a cart, and whether it became an order."""

    cart_id = models.UUIDField(primary_key=True)
    revision = models.IntegerField(default=-1, help_text="of the newest state seen")
    email = models.CharField(max_length=254, blank=True)
    lines = models.JSONField(default=list)
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    ordered_at = models.DateTimeField(null=True)
    reminded = models.IntegerField(null=True, help_text="revision a reminder was written for")

    objects = CartManager()

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return str(self.cart_id)

    def take(self, state: CartUpdated) -> bool:
        """Keep a state if it is the newest; whether it starts the clock of a reminder."""
        if state.revision <= self.revision:
            return False
        self.revision, self.changed_at = state.revision, state.stated_at
        self.email, self.total, self.currency = state.email or "", state.total, state.currency
        self.lines = [line.model_dump(mode="json") for line in state.lines]
        return bool(self.lines and self.email and not self.ordered_at)

    def remind(self, revision: int) -> bool:
        """Whether this state of the cart was left alone: nothing newer, nothing ordered.

        What was decided once stays, so that a reminder half sent is finished.
        """
        if revision == self.revision and not self.ordered_at:
            self.reminded = revision
        return revision == self.reminded
