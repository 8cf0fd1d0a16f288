"""Where the outside begins: the mail server, behind Django's mail backends."""

from smtplib import SMTPDataError, SMTPRecipientsRefused

from eventbus import CannotOpen
from notifications.models import Mail
from notifications.reaching import can_reach

#: Replies from here on mean: not now, and not later.
FOR_GOOD = 500


def deliver(mail: Mail) -> str:
    """Give a mail to the mail server.

    Returns an empty string when it took the mail, or why it refuses it or its
    recipient for good; an address that none can be given is refused here. Any
    other error of the backend is noted on the mail's row and raised: try again later.
    """
    if not can_reach(mail.recipient):
        return "no mail can be sent to this address"
    try:
        mail.message().send()
    except Exception as error:
        # Noted here, outside any transaction: the reaction that sees the error is rolled back.
        Mail.objects.filter(pk=mail.pk, recipient=mail.recipient).update(error=_words(error))
        if _is_final(error):
            return _words(error)
        raise
    return ""


def _is_final(error: Exception) -> bool:
    """Tell the server's never (5xx) for this recipient or mail from a greylist's later (4xx).

    What it has against us, who send, may be mended: that is tried again.
    """
    if isinstance(error, CannotOpen):
        return True
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= FOR_GOOD for code, _ in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= FOR_GOOD


def _words(error: Exception) -> str:
    if not isinstance(error, SMTPRecipientsRefused):
        return f"{type(error).__name__}: {error}"
    return "; ".join(
        f"{code} {reason.decode(errors='replace')}" for code, reason in error.recipients.values()
    )
