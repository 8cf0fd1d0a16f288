"""NOTIFY listeners, a live page say, of the subjects that an app has just reacted to.

A convenience, no ledger: a notification that gets lost is not sent again. Who
listens should look once by itself when it begins, and now and then afterwards.
"""

from collections.abc import Iterable, Iterator

from django.db import connection, transaction

from eventbus.pg_listen import REACTION_CHANNEL

#: Bytes; PostgreSQL refuses a payload of 8000.
LONGEST_PAYLOAD = 7900


def notify_after_commit(subjects: Iterable[str]) -> None:
    """NOTIFY the subjects once this transaction is committed, in one statement.

    Inside the transaction NOTIFY would serialise commits. A failure is logged,
    and no failure of what has been committed.
    """
    payloads = list(_payloads(sorted(set(subjects))))

    def notify() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_notify(%s, payload) from unnest(%s::text[]) payload",
                [REACTION_CHANNEL, payloads],
            )

    if payloads:
        transaction.on_commit(notify, robust=True)


def _payloads(subjects: list[str]) -> Iterator[str]:
    """Join the subjects by commas, in as few payloads as they fit into."""
    payload = ""
    for subject in subjects:
        longer = f"{payload},{subject}" if payload else subject
        if len(longer.encode()) > LONGEST_PAYLOAD:
            yield payload
            longer = subject
        payload = longer
    if payload:
        yield payload
