"""Mails, each with its outcome."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from email.utils import formatdate
from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import connection, models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from eventbus import Event, unseal
from notifications import filebackend
from notifications.content import compose, mail_domain
from notifications.events import ResendMail
from notifications.letter import Letter
from notifications.models.back_in_stock import BackInStockAlert
from notifications.models.recipient import Unsubscribed, languages_for
from notifications.reaching import LONGEST
from notifications.unsubscribing import OPTIONAL, headers_of, token_of

#: Stands in a mail's row where the mail itself has a link into somebody's account.
IN_THE_MAIL_ALONE = "#in-the-mail-alone"
#: As long as allauth takes its links.
LINK_WORKS = timedelta(days=3)


class MailManager(models.Manager["Mail"]):
    def written(self, letters: Sequence[Letter]) -> list["Mail"]:
        """Write down the mails of these letters."""
        languages = languages_for(letters)
        return self.bulk_create(map(_written, letters, languages))

    def already(self, letters: Sequence[Letter]) -> list["Mail"]:
        """Those mails of these letters that are written down."""
        return list(self.filter(pk__in=[letter.id for letter in letters]))

    def conclude(self, outcomes: Iterable[tuple["Mail", str]]) -> None:
        """Record how mails ended: sent, or refused for this reason.

        If one was forgotten while it was on its way, its file goes too.
        """
        mails = []
        for mail, refusal in outcomes:
            mail.conclude(refusal)
            mails.append(mail)
        if not mails:
            return
        columns = [[getattr(mail, name) for mail in mails] for name in ("pk", *_OUTCOME)]
        with connection.cursor() as cursor:
            cursor.execute(_CONCLUDE, columns)
            concluded = {id for (id,) in cursor.fetchall()}
        for mail in mails:
            if mail.pk not in concluded:
                filebackend.remove(mail.message_id)

    def is_paid(self, event: Event) -> bool:
        """Return whether the event is about an order that was confirmed, as only paid ones are."""
        return self.filter(about=event.subject, kind="order_confirmed").exists()

    def copied(self, original: UUID, event: ResendMail) -> "Mail | None":
        """Return the copy of a mail that was asked for; None when its reader was forgotten.

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


#: The columns in which a mail has how it ended, with their types in PostgreSQL.
_OUTCOME = {"state": "text", "sent_at": "timestamptz", "error": "text", "sealed": "text"}
#: One that was forgotten has no recipient.
_CONCLUDE = f"""
    update notifications_mail mail set {", ".join(f"{name} = ended.{name}" for name in _OUTCOME)}
    from unnest(%s::uuid[], {", ".join(f"%s::{type}[]" for type in _OUTCOME.values())})
        as ended (id, {", ".join(_OUTCOME)})
    where mail.id = ended.id and mail.recipient <> ''
    returning mail.id
"""


def _written(letter: Letter, language: str) -> "Mail":
    """Return the mail of a letter.

    An address that is too long for any is cut so that it cannot be taken for one.
    In the place of a sealed link the row has a word, which is filled when it is sent.
    """
    id, event, to = letter.id, letter.event, letter.to
    facts = dict(letter.facts)
    if letter.kind in OPTIONAL:
        facts["unsubscribe_token"] = token_of(id)
    if letter.link:
        facts["link"] = IN_THE_MAIL_ALONE
    return Mail(
        id=id,
        event_id=event.id,
        about=event.subject,
        kind=letter.kind,
        recipient=to if len(to) <= LONGEST else f"{to[: LONGEST - 1]}…",
        number=getattr(event, "number", ""),
        message_id=f"<{id}@{mail_domain()}>",
        sealed=letter.link,
        **compose(letter.kind, event, letter.subject, facts, language),
    )


class _Message(EmailMultiAlternatives):
    """A message that is the same each time: what stands between its parts is given.

    Python's own boundary is drawn by chance, and then looked for in all parts.
    """

    boundary: str

    def message(self, **options: Any) -> Any:
        made = super().message(**options)
        made.set_boundary(self.boundary)
        return made


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
        """It was sent, or refused for this reason."""
        if refusal:
            self.fail(refusal)
        else:
            self.succeed()
        self.sealed = ""

    @transition(field=state, source=State.SENDING, target=State.SENT)
    def succeed(self) -> None:
        """Record that the mail server took it."""
        self.sent_at, self.error = timezone.now(), ""

    @transition(field=state, source=State.SENDING, target=State.FAILED)
    def fail(self, refusal: str) -> None:
        """Record that the mail server refused it for good."""
        self.error = refusal

    def unsubscribe_reader(self) -> None:
        """Send its reader only what orders and account need from now on; nothing if forgotten."""
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
        """Return the mail as Django sends it: text, with HTML as the alternative.

        Raises `CannotOpen` for a link that works no longer.
        """
        link = unseal(self.sealed, within=LINK_WORKS) or IN_THE_MAIL_ALONE
        text = self.text.replace(IN_THE_MAIL_ALONE, link)
        message = _Message(self.subject, text, to=[self.recipient], headers=self.headers)
        message.boundary = f"=_{self.pk.hex}"
        html = self.html.replace(IN_THE_MAIL_ALONE, escape(link))
        message.attach_alternative(html, "text/html")
        return message
