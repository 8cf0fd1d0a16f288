"""Whom the shop writes: their language, and who wants no reminders."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from eventbus import mailbox
from notifications.letter import Letter

_NOTE = """
    insert into notifications_recipient (email, language, since)
    select * from unnest(%s::text[], %s::text[], %s::timestamptz[])
    on conflict (email) do update set language = excluded.language, since = excluded.since
    where notifications_recipient.since < excluded.since
"""


class Recipient(models.Model):
    """The language somebody read last."""

    email = models.CharField(primary_key=True, max_length=254, help_text="as `mailbox` writes it")
    language = models.CharField(max_length=10)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.email}: {self.language}"

    @classmethod
    def record(cls, read: Iterable[tuple[str, str, datetime]]) -> None:
        """Keep the language that each address read at this time, unless a newer one is known."""
        newest: dict[str, tuple[str, datetime]] = {}
        for email, language, at in read:
            known = newest.setdefault(mailbox(email), (language, at))
            if known[1] < at:
                newest[mailbox(email)] = language, at
        rows = sorted((email, *said) for email, said in newest.items())
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(_NOTE, [list(column) for column in zip(*rows, strict=True)])


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


def languages_for(letters: Sequence[Letter]) -> list[str]:
    """The languages of these mails: the event's, else the reader's, else the shop's."""
    told = [getattr(letter.event, "language", None) for letter in letters]
    asked = {mailbox(each.to) for each, of in zip(letters, told, strict=True) if of is None}
    read = dict(Recipient.objects.filter(pk__in=asked).values_list("email", "language"))
    known = [
        read.get(mailbox(letter.to)) if language is None else language
        for letter, language in zip(letters, told, strict=True)
    ]
    return [each if each in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE for each in known]
