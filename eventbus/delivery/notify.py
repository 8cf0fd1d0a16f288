"""NOTIFY after a commit: listeners, a live page say, of what an app reacted to; and the relays.

A convenience, no ledger: a notification that gets lost is not sent again. Who
listens should look once by itself when it begins, and now and then afterwards.
"""

from collections.abc import Iterable, Iterator

from django.db import connection, transaction

from eventbus.delivery.outbox import CHANNEL, wake_relay
from eventbus.pg_listen import REACTION_CHANNEL

#: Bytes; PostgreSQL refuses a payload of 8000.
LONGEST_PAYLOAD = 7900


def notify_after_commit(subjects: Iterable[str]) -> None:
    """Send NOTIFY of the subjects once this transaction is committed, in one statement.

    So it does the relays, where something was emitted. Inside the transaction NOTIFY would
    serialise commits. A failure is logged, and no failure of what has been committed.
    """
    notifications = [(REACTION_CHANNEL, payload) for payload in _payloads(sorted(set(subjects)))]
    if not notifications:
        return
    hooks = connection.run_on_commit
    connection.run_on_commit = [hook for hook in hooks if hook[1] is not wake_relay]
    if len(connection.run_on_commit) < len(hooks):
        notifications.append((CHANNEL, ""))

    def notify() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_notify(channel, payload)"
                " from unnest(%s::text[], %s::text[]) as notification (channel, payload)",
                [list(each) for each in zip(*notifications, strict=True)],
            )

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
