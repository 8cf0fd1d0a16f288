"""The outbox: events are stored in the transaction that emits them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from eventbus.context import current_reaction
from eventbus.envelope import Envelope

CHANNEL = "eventbus_outbox"


@dataclass(frozen=True)
class _Emitted:
    """An event as it is to be stored: `publish_after` None is now, by the database's clock."""

    envelope: Envelope
    publish_after: datetime | None
    emitted_by: str


@dataclass
class _Collection:
    """Events to be written together, and how deep in savepoints they were emitted."""

    depth: int
    events: list[_Emitted] = field(default_factory=list)


_collecting: ContextVar[_Collection | None] = ContextVar("collecting", default=None)


def record(
    envelope: Envelope, publish_after: datetime | None = None, **signal_arguments: Any
) -> None:
    """Write the event's row, or collect it; the receiver of every event's signal."""
    emitted = _Emitted(envelope, publish_after, current_reaction())
    collection = _collecting.get()
    # What is emitted deeper, in a savepoint that may be rolled back, is written at once.
    if collection is None or len(connection.savepoint_ids) > collection.depth:
        _write([emitted])
    else:
        collection.events.append(emitted)


@contextmanager
def collect_events() -> Iterator[None]:
    """Collect the events emitted within and write them in one statement at the end."""
    collection = _Collection(depth=len(connection.savepoint_ids))
    token = _collecting.set(collection)
    try:
        yield
    finally:
        _collecting.reset(token)
    if collection.events:
        _write(collection.events)


def _write(events: list[_Emitted]) -> None:
    """Write the rows of these events in one statement, and wake the relay after commit."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [json.dumps([_row(each) for each in events], default=str)])
    _wake_relay_after_commit()


def _row(emitted: _Emitted) -> dict[str, Any]:
    envelope = emitted.envelope
    return {
        "data": envelope.text,
        "emitted_by": emitted.emitted_by,
        "publish_after": emitted.publish_after,
        **{name: getattr(envelope, name) for name in _OF_ENVELOPE},
    }


#: Columns that an envelope has as they are, with their types in PostgreSQL.
_OF_ENVELOPE = {
    "id": "uuid",
    "type": "text",
    "version": "int",
    "subject": "text",
    "correlation_id": "uuid",
    "causation_id": "uuid",
    "traceparent": "text",
    "occurred_at": "timestamptz",
}
#: Written out, for it is asked with each event: Django takes longer to build it than PostgreSQL
#: to answer, and the driver to write arrays. By the database's clock: by that of the emitting host
#: an event would be due late, or before its time.
_INSERT = f"""
    insert into eventbus_outboxevent ({", ".join(_OF_ENVELOPE)}, data, emitted_by, publish_after)
    select {", ".join(_OF_ENVELOPE)}, data::jsonb, emitted_by,
        coalesce(publish_after, statement_timestamp())
    from json_to_recordset(%s::json) as new (
        {", ".join(f"{name} {type}" for name, type in _OF_ENVELOPE.items())},
        data text, emitted_by text, publish_after timestamptz
    )
"""


def wake_relay() -> None:
    """Send NOTIFY to the waiting relays. Sent after commit: inside, NOTIFY serialises commits."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def _wake_relay_after_commit() -> None:
    if not any(function is wake_relay for _, function, *_ in connection.run_on_commit):
        transaction.on_commit(wake_relay, robust=True)
