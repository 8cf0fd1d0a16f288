"""What a person asks of the mails."""

from django.db.models import QuerySet

from notifications.models import Mail


def mails_of(email: str) -> QuerySet[Mail]:
    """Every mail to this address, the newest first."""
    return Mail.objects.filter(recipient__iexact=email)
