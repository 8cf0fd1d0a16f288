"""The outbox: what is stated is kept in the transaction that made it true."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from shop.bus.envelope import Envelope
from shop.bus.models import OutboxEvent

CHANNEL = "shop_outbox"

_collecting: ContextVar[list[OutboxEvent] | None] = ContextVar("collecting", default=None)


def record(
    envelope: Envelope, publish_after: datetime | None = None, **signal_arguments: Any
) -> None:
    """Receiver of every event's signal: write the event's row, or collect it."""
    row = OutboxEvent.of(envelope, publish_after)
    collected = _collecting.get()
    if collected is None:
        row.save(force_insert=True)
        _wake_relay_after_commit()
    else:
        collected.append(row)


@contextmanager
def collected() -> Iterator[list[OutboxEvent]]:
    """Collect what is stated within and write it in one statement at the end.

    Yields the list, so that what a rolled-back reaction stated can be removed.
    """
    rows: list[OutboxEvent] = []
    token = _collecting.set(rows)
    try:
        yield rows
    finally:
        _collecting.reset(token)
    if rows:
        OutboxEvent.objects.bulk_create(rows)
        _wake_relay_after_commit()


def wake_relay() -> None:
    """Tell waiting relays to look. Sent after commit: inside, NOTIFY serialises commits."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def _wake_relay_after_commit() -> None:
    if not any(function is wake_relay for _, function, *_ in connection.run_on_commit):
        transaction.on_commit(wake_relay, robust=True)
