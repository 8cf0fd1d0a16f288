"""The outbox: events are stored in the transaction that emits them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from eventbus.delivery.models import OutboxEvent
from eventbus.envelope import Envelope

CHANNEL = "eventbus_outbox"


@dataclass
class _Collection:
    """Rows to be written together, and how deep in savepoints they were emitted."""

    depth: int
    rows: list[OutboxEvent] = field(default_factory=list)


_collecting: ContextVar[_Collection | None] = ContextVar("collecting", default=None)


def record(
    envelope: Envelope, publish_after: datetime | None = None, **signal_arguments: Any
) -> None:
    """Write the event's row, or collect it; the receiver of every event's signal."""
    row = OutboxEvent.of(envelope, publish_after)
    collection = _collecting.get()
    # What is emitted deeper, in a savepoint that may be rolled back, is written at once.
    if collection is None or len(connection.savepoint_ids) > collection.depth:
        row.save(force_insert=True)
        _wake_relay_after_commit()
    else:
        collection.rows.append(row)


@contextmanager
def collect_events() -> Iterator[None]:
    """Collect the events emitted within and write them in one statement at the end."""
    collection = _Collection(depth=len(connection.savepoint_ids))
    token = _collecting.set(collection)
    try:
        yield
    finally:
        _collecting.reset(token)
    if collection.rows:
        OutboxEvent.objects.bulk_create(collection.rows)
        _wake_relay_after_commit()


def wake_relay() -> None:
    """NOTIFY the waiting relays. Sent after commit: inside, NOTIFY serialises commits."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def _wake_relay_after_commit() -> None:
    if not any(function is wake_relay for _, function, *_ in connection.run_on_commit):
        transaction.on_commit(wake_relay, robust=True)
