"""Detaching a month's tables, and restoring them from a file."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from psycopg import errors
from tenacity import RetryError, Retrying, retry_if_exception, stop_after_attempt, wait_fixed

from eventbus.exceptions import BusError
from eventbus.history.archive.archive_checks import NotArchivable, open_in
from eventbus.history.archive.files import BATCH, Content, lines_of
from eventbus.history.models import ArchivedMonth
from eventbus.history.partitions import DELIVERIES, EVENTS, TABLES, Partition, attach, create_tables

#: Milliseconds to wait for the tables. Everybody else waits as long, and it is less than what
#: PostgreSQL waits before it ends somebody else's transaction to resolve a deadlock.
LOCK_TIMEOUT = 500
#: Times the tables are asked for, and seconds between in which others are let through.
TRIES, PAUSE = 20, 0.5

_EVENTS = """
    insert into {table} ({columns}) select {columns} from unnest(%s::jsonb[]) line
    cross join lateral jsonb_populate_record(null::{table}, line)
"""
_DELIVERIES = """
    insert into {table} ({columns}) select {columns} from unnest(%s::jsonb[]) line
    cross join lateral jsonb_array_elements(line->'deliveries') of_it
    cross join lateral jsonb_populate_record(null::{table}, of_it)
"""
_REASONS = """
    update eventbus_operatoraction set reason = ''
    where reason <> '' and delivery_id in (select id from {deliveries})
"""


class Busy(BusError):
    """The tables were locked by others all along: try again when there is less load."""


def detach(month: Partition, file: Path, content: Content) -> ArchivedMonth:
    """Detach and drop a month that is in a file; everybody else waits for a moment.

    Raises `NotArchivable` if the month is no longer as it was written, or `Busy`.
    """
    retrying = Retrying(
        retry=retry_if_exception(_is_locked),
        wait=wait_fixed(PAUSE),
        stop=stop_after_attempt(TRIES),
    )
    try:
        return retrying(_detach, month, file, content)
    except RetryError as error:
        raise Busy(
            f"the tables are in use; {file} is written, and the month is still there too"
        ) from error


def _is_locked(error: BaseException) -> bool:
    return isinstance(error.__cause__, errors.LockNotAvailable)


@transaction.atomic
def _detach(month: Partition, file: Path, content: Content) -> ArchivedMonth:
    _, deliveries = month.tables
    with connection.cursor() as cursor:
        cursor.execute(f"set local lock_timeout = {LOCK_TIMEOUT}")
        # Why somebody did something to a delivery may name people, and leads to nobody from now on.
        cursor.execute(_REASONS.format(deliveries=deliveries))
        cursor.execute(f"lock table only {EVENTS}, only {DELIVERIES} in access exclusive mode")
        _check_unchanged(month, content)
        for parent, table in zip(TABLES, month.tables, strict=True):
            cursor.execute(f"alter table {parent} detach partition {table}")
            cursor.execute(f"drop table {table}")
    return ArchivedMonth.objects.create(
        name=month.name,
        since=month.since,
        until=month.until,
        events=content.events,
        deliveries=content.deliveries,
        file=str(file),
        sha256=content.sha256,
    )


def _check_unchanged(month: Partition, content: Content) -> None:
    """Raise `NotArchivable` if the tables, now locked, differ from what was written."""
    counts = []
    with connection.cursor() as cursor:
        for table in month.tables:
            cursor.execute(f"select count(*) from {table}")  # nosec B608 # a name of ours
            counts.append(cursor.fetchone()[0])
    if counts != [content.events, content.deliveries] or open_in(month):
        raise NotArchivable("it was changed while it was written")


@transaction.atomic
def restore_tables(archived: ArchivedMonth, file: Path) -> None:
    """Create an archived month's tables from its file, and attach them."""
    month = Partition(archived.name, archived.since, archived.until)
    create_tables(month)
    lines = lines_of(file)
    while some := list(islice(lines, BATCH)):
        _insert(month, [line.decode() for line in some])
    attach(month)
    archived.delete()


def _insert(month: Partition, lines: list[str]) -> None:
    for table, query, columns in _inserts(month, lines):
        with connection.cursor() as cursor:
            cursor.execute(query.format(table=table, columns=", ".join(columns)), [lines])


def _inserts(month: Partition, lines: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield table, query and columns: those there were then; newer ones get their defaults."""
    first = json.loads(lines[0])
    events, deliveries = month.tables
    yield events, _EVENTS, [name for name in first if name != "deliveries"]
    kept = (row["deliveries"] for row in map(json.loads, lines) if row["deliveries"])
    if some := next(kept, None):
        yield deliveries, _DELIVERIES, list(some[0])
