"""What a person asks of the mails."""

from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from eventbus import emit, emits, mailbox
from notifications.errors import CannotResend
from notifications.events import ResendMail
from notifications.models import Mail
from notifications.texts import ACCOUNT


def mails_of(email: str) -> QuerySet[Mail]:
    """Return every mail to this address, the newest first."""
    return Mail.objects.filter(recipient=mailbox(email))


def mails_about(subject: UUID) -> QuerySet[Mail]:
    """Return every mail about an order, or whatever else has this id, the newest first."""
    return Mail.objects.filter(about=str(subject)).defer("text", "html")


@emits(ResendMail)
@transaction.atomic
def resend(mail_id: UUID, *, by: str) -> None:
    """Send a mail once more, as a copy; whoever it is for gets it at the same address.

    Raises `CannotResend`.
    """
    mail = Mail.objects.filter(pk=mail_id).first()
    if mail is None or not mail.recipient:
        raise CannotResend("there is no such mail, or whom it was for has been forgotten")
    if mail.state == Mail.State.SENDING:
        raise CannotResend("it is being sent")
    if mail.kind in ACCOUNT:
        raise CannotResend("its link works for a short time only: its reader can ask for another")
    emit(ResendMail(mail_id=mail.pk, copy_id=uuid4(), by=by))


def failed_mails() -> int:
    """Count the mails that the mail server refused for good."""
    return Mail.objects.filter(state=Mail.State.FAILED).count()
