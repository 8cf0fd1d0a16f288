"""Whom the shop writes: their language, and who wants no reminders."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from eventbus import Event, mailbox


class Recipient(models.Model):
    """The language somebody read last."""

    email = models.CharField(primary_key=True, max_length=254, help_text="as `mailbox` writes it")
    language = models.CharField(max_length=10)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.email}: {self.language}"

    @classmethod
    def note(cls, email: str, language: str, at: datetime) -> None:
        """Keep the language, unless a newer one is known."""
        reader = Recipient(email=mailbox(email), language=language, since=at)
        Recipient.objects.bulk_create([reader], ignore_conflicts=True)
        Recipient.objects.filter(email=reader.email, since__lt=at).update(
            language=language, since=at
        )


class Unsubscribed(models.Model):
    """Somebody who wants only the mails that their orders and account need."""

    email = models.CharField(primary_key=True, max_length=254, help_text="as `mailbox` writes it")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "unsubscribed"

    def __str__(self) -> str:
        return self.email

    @classmethod
    def has(cls, email: str) -> bool:
        """Return whether the owner of this address wants no reminders."""
        return cls.objects.filter(pk=mailbox(email)).exists()


def language_for(event: Event, email: str) -> str:
    """The language of a mail about `event`: the event's, else the reader's, else the shop's."""
    told = getattr(event, "language", None)
    if told is None:
        known = Recipient.objects.filter(email=mailbox(email)).values_list("language", flat=True)
        told = known.first()
    return told if told in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
