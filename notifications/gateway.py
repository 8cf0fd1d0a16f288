"""Where the outside begins: the mail server, behind Django's mail backends."""

from smtplib import SMTPRecipientsRefused

from notifications.models import Mail


def deliver(mail: Mail) -> str:
    """Give a mail to the mail server.

    Returns an empty string when it took the mail, or why it refuses the
    recipient for good. Any other error of the backend is noted on the mail's
    row and raised: try again later.
    """
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
    """Whether the recipient was refused for good; a greylist's 4xx means "later"."""
    return isinstance(error, SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in error.recipients.values()
    )


def _words(error: Exception) -> str:
    if not isinstance(error, SMTPRecipientsRefused):
        return f"{type(error).__name__}: {error}"
    return "; ".join(
        f"{code} {reason.decode(errors='replace')}" for code, reason in error.recipients.values()
    )
