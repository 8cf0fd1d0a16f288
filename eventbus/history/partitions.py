"""The monthly partitions of the outbox and the ledger.

Both tables are partitioned by the event's id, which begins with the time the event occurred: a
month is a range of ids, the same in both. Beside the months there are the partitions `initial`,
for all before the first month, and `default`, for rows whose month had no partition in time.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, connection, transaction

from eventbus import clock

log = structlog.get_logger("eventbus.history.partitions")

EVENTS, DELIVERIES = TABLES = ("eventbus_outboxevent", "eventbus_delivery")
#: The column each is partitioned by.
KEYS = ("id", "event_id")
#: Seconds between checks that coming months have partitions, and `default` is empty.
LOOK_EVERY = 600.0
#: Months whose partitions are created ahead.
PRECREATE = 3
#: Rows that are moved out of `default` at once: less than a second.
MAX_MOVED = 20_000
#: Processes that start together create partitions one after the other.
LOCK = 4_208_175
#: Milliseconds to wait for a lock on the tables, while everybody else waits behind.
LOCK_TIMEOUT = 1000

_PARTS = """
    select c.relname, pg_get_expr(c.relpartbound, c.oid)
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = to_regclass(%s) order by c.relname
"""
_COLUMNS = """
    select quote_ident(attname) from pg_attribute
    where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum
"""
_BOUND = re.compile(r"FROM \((?:MINVALUE|'([\w-]+)')\) TO \('([\w-]+)'\)")


@dataclass(frozen=True)
class Partition:
    """A partition of both tables: events that occurred from `since` on and before `until`."""

    name: str
    since: datetime | None
    until: datetime

    @property
    def tables(self) -> tuple[str, str]:
        """The partition's tables: of events, and of deliveries."""
        events, deliveries = (f"{table}_{self.name.replace('-', '_')}" for table in TABLES)
        return events, deliveries

    @property
    def bounds(self) -> str:
        """Its range of ids, in SQL."""
        lowest = f"'{first_id(self.since)}'" if self.since else "minvalue"
        return f"for values from ({lowest}) to ('{first_id(self.until)}')"


def first_id(moment: datetime) -> UUID:
    """Return the lowest id that an event of this moment can have."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


#: Ids from this one on begin with no time that there is a calendar for.
FIRST_UNKNOWN = first_id(datetime(9999, 1, 1, tzinfo=UTC))


def create_at_start(**_: Any) -> None:
    """Create what is missing at start; receiver of `database_ready`."""
    create_upcoming()


def time_of(id: UUID) -> datetime:
    """Return when an event with this id occurred, to the millisecond."""
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC)


def month_start(moment: datetime, later: int = 0) -> datetime:
    """Return when the month of this moment begins, or the one `later` months after."""
    months = moment.year * 12 + moment.month - 1 + later
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def existing_partitions() -> list[Partition]:
    """Return the partitions there are, in order: `initial` first, without `default`."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [EVENTS])
        found = [_parse(*row) for row in cursor.fetchall()]
    return sorted((month for month in found if month), key=lambda month: month.until)


def _parse(table: str, bound: str) -> Partition | None:
    if not (ids := _BOUND.search(bound)):
        return None
    name = table.removeprefix(f"{EVENTS}_").replace("_", "-")
    since = time_of(UUID(ids[1])) if ids[1] else None
    return Partition(name, since, time_of(UUID(ids[2])))


def create_upcoming(now: datetime | None = None, at_most: int | None = MAX_MOVED) -> list[str]:
    """Create the partitions of this month, the next ones, and those of rows in `default`.

    Such rows are moved into their partition. A month with more than `at_most` of them is left
    out, for everybody waits meanwhile: `manage.py partitions --make` does it. One whose tables
    are too busy is created next time. Returns the names of the partitions created.
    """
    wanted = [*_missing(now or clock.now()), *misplaced()]
    return [month.name for month in dict.fromkeys(wanted) if _create(month, at_most)]


def _missing(now: datetime) -> Iterator[Partition]:
    there = existing_partitions()
    for later in range(PRECREATE + 1):
        month = partition_of(month_start(now, later))
        if not any(_overlap(month, other) for other in there):
            yield month


def misplaced() -> list[Partition]:
    """Return the months that have rows in `default`: their partition was not created in time.

    Ids of no time that there is a calendar for stay there.
    """
    found: list[Partition] = []
    for table, key in zip(TABLES, KEYS, strict=True):
        after = UUID(int=0)
        while (id := _next_in_default(table, key, after)) and id < FIRST_UNKNOWN:
            month = partition_of(time_of(id))
            found.append(month)
            after = first_id(month.until)
    return sorted(set(found), key=lambda month: month.until)


def _next_in_default(table: str, key: str, after: UUID) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(
            # Names of our own tables, not what anybody typed.
            f"select {key} from {table}_default where {key} >= %s order by {key} limit 1",  # nosec B608
            [after],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def count_in_default(month: Partition, at_most: int) -> int:
    """Count a month's events and deliveries in `default`, up to `at_most`."""
    counts = [
        _count(
            f"select count(*) from (select 1 from {table}_default "
            f"where {key} >= %s and {key} < %s limit %s) found",
            [*_ids(month), at_most],
        )
        for table, key in zip(TABLES, KEYS, strict=True)
    ]
    return sum(counts)


def _count(query: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return int(cursor.fetchone()[0])


def _ids(month: Partition) -> list[UUID]:
    assert month.since
    return [first_id(month.since), first_id(month.until)]


def partition_of(moment: datetime) -> Partition:
    """Return the partition of this moment's month, whether it exists or not."""
    since = month_start(moment)
    return Partition(f"{since:%Y-%m}", since, month_start(moment, later=1))


def _overlap(one: Partition, other: Partition) -> bool:
    assert one.since
    return one.since < other.until and (other.since is None or other.since < one.until)


def _create(month: Partition, at_most: int | None) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"set local lock_timeout = {LOCK_TIMEOUT}")
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
            if any(_overlap(month, other) for other in existing_partitions()):
                return False
            if at_most is not None and count_in_default(month, at_most + 1) > at_most:
                log.warning("much to move: manage.py partitions --make", month=month.name)
                return False
            for table in TABLES:
                cursor.execute(f"lock table only {table} in share update exclusive mode")
            create_tables(month)
            with _without_redactions(month):
                _move_in(month)
                attach(month)
    except DatabaseError as error:
        log.warning("partition not created", month=month.name, error=str(error).partition("\n")[0])
        return False
    return True


@contextmanager
def _without_redactions(month: Partition) -> Iterator[None]:
    """Unset redactions' references to the month's events within: a foreign key blocks the move."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(
            "select id, cause_id from eventbus_history_redaction "
            "where cause_id >= %s and cause_id < %s for update",
            _ids(month),
        )
        causes = [list(column) for column in zip(*cursor.fetchall(), strict=True)]
        if causes:
            cursor.execute(
                "update eventbus_history_redaction set cause_id = null where id = any(%s)",
                causes[:1],
            )
        yield
        if causes:
            cursor.execute(
                "update eventbus_history_redaction row set cause_id = its.cause "
                "from unnest(%s::bigint[], %s::uuid[]) its (id, cause) where row.id = its.id",
                causes,
            )
        cursor.execute("set constraints all deferred")


def _move_in(month: Partition) -> None:
    """Move a month's rows out of `default` into its tables, before these are attached."""
    with connection.cursor() as cursor:
        for parent, key, table in zip(TABLES, KEYS, month.tables, strict=True):
            cursor.execute(f"lock table {parent}_default in access exclusive mode")
            cursor.execute(_COLUMNS, [parent])
            columns = ", ".join(name for (name,) in cursor.fetchall())
            cursor.execute(
                # Names of our own tables, not what anybody typed.
                f"with moved as (delete from {parent}_default where {key} >= %s and {key} < %s "  # nosec B608
                f"returning {columns}) insert into {table} ({columns}) select {columns} from moved",
                _ids(month),
            )


def create_tables(month: Partition) -> None:
    """Create a month's tables, not yet attached."""
    with connection.cursor() as cursor:
        for parent, table in zip(TABLES, month.tables, strict=True):
            cursor.execute(f"create table {table} (like {parent} including all)")


def attach(month: Partition) -> None:
    """Attach a month's tables. Raises `IntegrityError` if rows of it are in `default`."""
    with connection.cursor() as cursor:
        for parent, table in zip(TABLES, month.tables, strict=True):
            cursor.execute(f"alter table {parent} attach partition {table} {month.bounds}")
