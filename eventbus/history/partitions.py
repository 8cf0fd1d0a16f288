"""The months that the outbox and the ledger are divided into.

Both tables are partitioned by the event's id, which begins with the time it was stated: a month
is a range of ids, the same in both. Beside the months there is `begin`, all that was stated
before there were months, and `rest`, which takes what no month was made for in time.
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
#: What each is divided by.
KEYS = ("id", "event_id")
#: Seconds between looks whether the coming months have their tables, and nothing is beside them.
LOOK_EVERY = 600.0
#: Months that are made before they come.
AHEAD = 3
#: Rows that are moved out of the rest in passing: less than a second.
AT_ONCE = 20_000
#: Processes that start together make months one after the other.
LOCK = 4_208_175
#: Milliseconds to wait for the tables, while everybody else waits behind.
PATIENCE = 1000

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
class Month:
    """A part of both tables: what was stated at `since` or later, and before `until`."""

    name: str
    since: datetime | None
    until: datetime

    @property
    def tables(self) -> tuple[str, str]:
        """The parts' own tables: of events, and of deliveries."""
        events, deliveries = (f"{table}_{self.name.replace('-', '_')}" for table in TABLES)
        return events, deliveries

    @property
    def bounds(self) -> str:
        """Its range of ids, in SQL."""
        lowest = f"'{first_id(self.since)}'" if self.since else "minvalue"
        return f"for values from ({lowest}) to ('{first_id(self.until)}')"


def first_id(moment: datetime) -> UUID:
    """The lowest id that an event of this moment can have."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


#: Ids from this one on begin with no time that there is a calendar for.
FIRST_UNKNOWN = first_id(datetime(9999, 1, 1, tzinfo=UTC))


def make_at_start(**_: Any) -> None:
    """Receiver of `database_ready`: after a long time off an event would stand in no month."""
    make_ahead()


def moment_of(id: UUID) -> datetime:
    """When an event with this id was stated, to the millisecond."""
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC)


def beginning(moment: datetime, later: int = 0) -> datetime:
    """When the month of this moment begins, or one some months later."""
    months = moment.year * 12 + moment.month - 1 + later
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def months() -> list[Month]:
    """The months there are, in order; `begin` is the first, `rest` is none."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [EVENTS])
        found = [_month(*row) for row in cursor.fetchall()]
    return sorted((month for month in found if month), key=lambda month: month.until)


def _month(table: str, bound: str) -> Month | None:
    if not (ids := _BOUND.search(bound)):
        return None
    name = table.removeprefix(f"{EVENTS}_").replace("_", "-")
    since = moment_of(UUID(ids[1])) if ids[1] else None
    return Month(name, since, moment_of(UUID(ids[2])))


def make_ahead(now: datetime | None = None, at_most: int | None = AT_ONCE) -> list[str]:
    """Make the months that come next, this one too, and those of what stands in the rest.

    What stands there moves into its month. Of a month with more than `at_most` such rows
    nothing is done, for everybody waits meanwhile: `manage.py partitions --make` does it. One for
    which the tables are too busy is made at the next look. Returns the names of those made.
    """
    wanted = [*_missing(now or clock.now()), *stranded()]
    return [month.name for month in dict.fromkeys(wanted) if _made(month, at_most)]


def _missing(now: datetime) -> Iterator[Month]:
    there = months()
    for later in range(AHEAD + 1):
        month = month_of(beginning(now, later))
        if not any(_overlap(month, other) for other in there):
            yield month


def stranded() -> list[Month]:
    """The months of which something stands in the rest: nobody made them in time.

    Ids that are of no time there is a calendar for stay there.
    """
    found: list[Month] = []
    for table, key in zip(TABLES, KEYS, strict=True):
        after = UUID(int=0)
        while (id := _next_in_rest(table, key, after)) and id < FIRST_UNKNOWN:
            month = month_of(moment_of(id))
            found.append(month)
            after = first_id(month.until)
    return sorted(set(found), key=lambda month: month.until)


def _next_in_rest(table: str, key: str, after: UUID) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(
            # Names of our own tables, not what anybody typed.
            f"select {key} from {table}_rest where {key} >= %s order by {key} limit 1",  # nosec B608
            [after],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def in_rest(month: Month, at_most: int) -> int:
    """How many events and deliveries of a month stand in the rest, counted up to a number."""
    counts = [
        _count(
            f"select count(*) from (select 1 from {table}_rest "
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


def _ids(month: Month) -> list[UUID]:
    assert month.since
    return [first_id(month.since), first_id(month.until)]


def month_of(moment: datetime) -> Month:
    """The month of this moment, whether it is there or not."""
    since = beginning(moment)
    return Month(f"{since:%Y-%m}", since, beginning(moment, later=1))


def _overlap(one: Month, other: Month) -> bool:
    assert one.since
    return one.since < other.until and (other.since is None or other.since < one.until)


def _made(month: Month, at_most: int | None) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"set local lock_timeout = {PATIENCE}")
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
            if any(_overlap(month, other) for other in months()):
                return False
            if at_most is not None and in_rest(month, at_most + 1) > at_most:
                log.warning("much to move: manage.py partitions --make", month=month.name)
                return False
            for table in TABLES:
                cursor.execute(f"lock table only {table} in share update exclusive mode")
            create(month)
            with _without_redactions(month):
                _move_in(month)
                attach(month)
    except DatabaseError as error:
        log.warning("month not made", month=month.name, error=str(error).partition("\n")[0])
        return False
    return True


@contextmanager
def _without_redactions(month: Month) -> Iterator[None]:
    """Meanwhile no redaction names an event of the month, which would keep it where it is."""
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


def _move_in(month: Month) -> None:
    """Move what stands in the rest into its month's tables, before they are part of the whole."""
    with connection.cursor() as cursor:
        for parent, key, table in zip(TABLES, KEYS, month.tables, strict=True):
            cursor.execute(f"lock table {parent}_rest in access exclusive mode")
            cursor.execute(_COLUMNS, [parent])
            columns = ", ".join(name for (name,) in cursor.fetchall())
            cursor.execute(
                # Names of our own tables, not what anybody typed.
                f"with moved as (delete from {parent}_rest where {key} >= %s and {key} < %s "  # nosec B608
                f"returning {columns}) insert into {table} ({columns}) select {columns} from moved",
                _ids(month),
            )


def create(month: Month) -> None:
    """Make a month's tables, which are part of nothing yet."""
    with connection.cursor() as cursor:
        for parent, table in zip(TABLES, month.tables, strict=True):
            cursor.execute(f"create table {table} (like {parent} including all)")


def attach(month: Month) -> None:
    """Make a month's tables part of the whole. IntegrityError: its rows stand elsewhere."""
    with connection.cursor() as cursor:
        for parent, table in zip(TABLES, month.tables, strict=True):
            cursor.execute(f"alter table {parent} attach partition {table} {month.bounds}")
