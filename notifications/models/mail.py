"""Mails, each with its outcome."""

from datetime import timedelta
from email.utils import formatdate
from typing import Any
from uuid import UUID, uuid5

from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from eventbus import Event, unseal
from notifications import filebackend
from notifications.content import compose, mail_domain
from notifications.events import ResendMail
from notifications.models.back_in_stock import BackInStockAlert
from notifications.models.recipient import Unsubscribed, language_for
from notifications.reaching import LONGEST
from notifications.unsubscribing import OPTIONAL, headers_of, token_of

#: Stands in a mail's row where the mail itself has a link into somebody's account.
IN_THE_MAIL_ALONE = "#in-the-mail-alone"
#: As long as allauth takes its links.
LINK_WORKS = timedelta(days=3)


class MailManager(models.Manager["Mail"]):
    def written(
        self,
        kind: str,
        event: Event,
        to: str,
        subject: str | Promise,
        facts: dict[str, Any],
        sealed: str = "",
    ) -> "Mail":
        """Write down the mail of this kind about this event to this recipient.

        An address that is too long for any is cut so that it cannot be taken for one.
        In the place of a `sealed` link the row has a word, which is filled when it is sent.
        """
        id = _id_of(kind, event, to)
        if kind in OPTIONAL:
            facts = {**facts, "unsubscribe_token": token_of(id)}
        if sealed:
            facts = {**facts, "link": IN_THE_MAIL_ALONE}
        return self.create(
            id=id,
            event_id=event.id,
            about=event.subject,
            kind=kind,
            recipient=to if len(to) <= LONGEST else f"{to[: LONGEST - 1]}…",
            number=getattr(event, "number", ""),
            message_id=f"<{id}@{mail_domain()}>",
            sealed=sealed,
            **compose(kind, event, subject, facts, language_for(event, to)),
        )

    def already(self, kind: str, event: Event, to: str) -> "Mail | None":
        """The mail of this kind about this event to this recipient, if it is written down."""
        return self.filter(pk=_id_of(kind, event, to)).first()

    def is_paid(self, event: Event) -> bool:
        """Return whether the event is about an order that was confirmed, as only paid ones are."""
        return self.filter(about=event.subject, kind="order_confirmed").exists()

    def copied(self, original: UUID, event: ResendMail) -> "Mail | None":
        """The copy of a mail that was asked for; None when its reader was forgotten.

        The original's row is locked: who is forgotten meanwhile waits for the copy.
        """
        mail = self.select_for_update().get(pk=original)
        if copy := self.filter(pk=event.copy_id).first():
            return copy
        if not mail.recipient:
            return None
        return self.create(
            id=event.copy_id,
            event_id=event.id,
            about=mail.about,
            kind=mail.kind,
            recipient=mail.recipient,
            number=mail.number,
            message_id=f"<{event.copy_id}@{mail_domain()}>",
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
        )


def _id_of(kind: str, event: Event, to: str) -> UUID:
    return uuid5(event.id, f"{kind} {to}")


class Mail(FSMModelMixin, models.Model):
    """A mail: committed before it is sent, with its outcome after.

    The Message-ID is fixed by the row. SMTP has no idempotency key: when the
    process dies after the server took the mail and before that is recorded, it
    is sent again under the same Message-ID, by which receivers drop the copy.
    Written to files, the copy replaces the first.
    """

    class State(models.TextChoices):
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True)
    event_id = models.UUIDField(help_text="the event it is about")
    about = models.CharField(max_length=255, blank=True, help_text="the event's subject")
    kind = models.CharField(max_length=50)
    recipient = models.CharField(max_length=254)
    number = models.CharField("order", max_length=50, blank=True)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField("HTML")
    sealed = models.TextField(
        blank=True, help_text="a link into somebody's account, sealed; blank once it is sent"
    )
    state = FSMField(default=State.SENDING, choices=State.choices, protected=True)
    created = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField("Message-ID", max_length=300, unique=True)
    error = models.TextField(blank=True, help_text="of the latest attempt")

    objects = MailManager()

    class Meta:
        ordering = ["-created"]
        permissions = [("resend_mail", "Can have mails sent once more")]
        constraints = [
            models.UniqueConstraint(
                fields=["event_id", "kind", "recipient"], name="notifications_mail_once"
            ),
            models.CheckConstraint(
                name="notifications_sent_has_time",
                condition=Q(state="sent") ^ Q(sent_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["-created"], name="notifications_mail_created"),
            models.Index(
                fields=["-created"], condition=Q(state="failed"), name="notifications_mail_failed"
            ),
            models.Index(
                fields=["created"], condition=~Q(recipient=""), name="notifications_mail_readable"
            ),
            models.Index(fields=["about"], name="notifications_mail_about"),
            models.Index(fields=["recipient"], name="notifications_mail_to"),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("mail", args=[self.pk])

    def conclude(self, refusal: str) -> None:
        """Record how it ended: sent, or refused for this reason.

        If it was forgotten while it was on its way, its file goes too.
        """
        rows = Mail.objects.select_for_update()
        if not rows.filter(pk=self.pk, recipient=self.recipient).exists():
            filebackend.remove(self.message_id)
            return
        if refusal:
            self.fail(refusal)
        else:
            self.succeed()
        self.sealed = ""
        self.save(update_fields=["state", "sent_at", "error", "sealed"])

    @transition(field=state, source=State.SENDING, target=State.SENT)
    def succeed(self) -> None:
        """The mail server took it."""
        self.sent_at, self.error = timezone.now(), ""

    @transition(field=state, source=State.SENDING, target=State.FAILED)
    def fail(self, refusal: str) -> None:
        """The mail server refused it for good."""
        self.error = refusal

    def unsubscribe_reader(self) -> None:
        """Its reader wants only what their orders and account need; nothing if forgotten."""
        if self.recipient:
            Unsubscribed.objects.get_or_create(email=self.recipient)
            BackInStockAlert.objects.filter(email=self.recipient).delete()

    @property
    def headers(self) -> dict[str, str]:
        """Headers that are the same each time it is sent."""
        return {
            "Message-ID": self.message_id,
            "Date": formatdate(self.created.timestamp()),
            "Auto-Submitted": "auto-generated",
            **(headers_of(self.id) if self.kind in OPTIONAL else {}),
        }

    def message(self) -> EmailMultiAlternatives:
        """The mail as Django sends it: text, with HTML as the alternative.

        Raises `CannotOpen` for a link that works no longer.
        """
        link = unseal(self.sealed, within=LINK_WORKS) or IN_THE_MAIL_ALONE
        text = self.text.replace(IN_THE_MAIL_ALONE, link)
        message = EmailMultiAlternatives(
            self.subject, text, to=[self.recipient], headers=self.headers
        )
        html = self.html.replace(IN_THE_MAIL_ALONE, escape(link))
        message.attach_alternative(html, "text/html")
        return message
