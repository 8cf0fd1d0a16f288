"""The outbox: events are stored in the transaction that emits them."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg.pq import ExecStatus

from eventbus.context import current_reaction
from eventbus.delivery.prepared import prepared
from eventbus.envelope import Envelope

CHANNEL = "eventbus_outbox"

#: An event's row as texts, in the order of `_COLUMNS`.
_Row = list[str | None]


@dataclass
class _Collection:
    """Rows to be written together, and how deep in savepoints their events were emitted."""

    depth: int
    rows: list[_Row] = field(default_factory=list)


_collecting: ContextVar[_Collection | None] = ContextVar("collecting", default=None)


def record(
    envelope: Envelope, publish_after: datetime | None = None, **signal_arguments: Any
) -> None:
    """Write the event's row, or collect it; the receiver of every event's signal."""
    row = _row(envelope, publish_after)
    collection = _collecting.get()
    # What is emitted deeper, in a savepoint that may be rolled back, is written at once.
    if collection is None or len(connection.savepoint_ids) > collection.depth:
        _write([row])
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
        _write(collection.rows)


@contextmanager
def discard_events() -> Iterator[Callable[[], list[str]]]:
    """Write none of the events emitted within; yields what returns their types.

    For work that is done again, whose events are there already.
    """
    collection = _Collection(depth=sys.maxsize)
    token = _collecting.set(collection)
    try:
        yield lambda: [str(row[1]) for row in collection.rows]
    finally:
        _collecting.reset(token)


def _row(envelope: Envelope, publish_after: datetime | None) -> _Row:
    """Return the event's row; without `publish_after` it is due now, by the database's clock."""
    return [
        str(envelope.id),
        envelope.type,
        str(envelope.version),
        envelope.subject,
        str(envelope.correlation_id),
        str(envelope.causation_id) if envelope.causation_id else None,
        envelope.traceparent,
        envelope.occurred_at.isoformat(),
        envelope.text,
        current_reaction(),
        publish_after.isoformat() if publish_after else None,
    ]


#: The columns of a row, and what PostgreSQL makes of each text. By its clock: by that of the
#: emitting host an event would be due late, or before its time.
_COLUMNS = {
    "id": "{}::uuid",
    "type": "{}",
    "version": "{}::int",
    "subject": "{}",
    "correlation_id": "{}::uuid",
    "causation_id": "{}::uuid",
    "traceparent": "{}",
    "occurred_at": "{}::timestamptz",
    "data": "{}::jsonb",
    "emitted_by": "{}",
    "publish_after": "coalesce({}::timestamptz, statement_timestamp())",
}
_INSERT = f"insert into eventbus_outboxevent ({', '.join(_COLUMNS)})"
_ONE = f"{_INSERT} values ({', '.join(value.format('%s') for value in _COLUMNS.values())})"
#: Written out: Django takes longer to build it than PostgreSQL to answer.
_MANY = f"""
    {_INSERT} select {", ".join(value.format(name) for name, value in _COLUMNS.items())}
    from json_to_recordset(%s::json) as new ({", ".join(f"{name} text" for name in _COLUMNS)})
"""


def _write(rows: list[_Row]) -> None:
    """Write these rows in one statement, and wake the relay after commit."""
    database = transaction.get_connection()
    if len(rows) == 1:
        with prepared(database) as cursor:
            cursor.execute(_ONE, rows[0])
    else:
        with database.cursor() as cursor:
            document = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
            cursor.execute(_MANY, [json.dumps(document)])
    if not any(function is wake_relay for _, function, *_ in database.run_on_commit):
        database.on_commit(wake_relay, robust=True)


def wake_relay() -> None:
    """Send NOTIFY to the waiting relays. Sent after commit: inside, NOTIFY serialises commits.

    By the driver's connection itself: a cursor takes longer than PostgreSQL, and a caller waits.
    """
    database = transaction.get_connection()
    with database.wrap_database_errors:
        result = database.connection.pgconn.exec_(f"NOTIFY {CHANNEL}".encode())
        if result.status != ExecStatus.COMMAND_OK:
            raise psycopg.OperationalError(result.get_error_message())
