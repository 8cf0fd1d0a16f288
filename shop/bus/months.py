"""The months that the outbox and the ledger are divided into.

Both tables are partitioned by the event's id, which begins with the time it was stated: a month
is a range of ids, the same in both. Beside the months there is `begin`, all that was stated
before there were months, and `rest`, which takes what no month was made for in time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.utils import IntegrityError, OperationalError

from shop.bus import clock

log = structlog.get_logger("shop.bus.months")

EVENTS, DELIVERIES = TABLES = ("bus_outboxevent", "bus_delivery")
#: Months that are made before they come.
AHEAD = 3
#: Milliseconds to wait for the tables, while everybody else waits behind.
PATIENCE = 1000

_PARTS = """
    select c.relname, pg_get_expr(c.relpartbound, c.oid)
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = to_regclass(%s) order by c.relname
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


def make_ahead(now: datetime | None = None) -> list[str]:
    """Make the months that come next, this one too; returns the names of those made.

    One whose events stand in the rest already stays there: nothing is lost by it, but it is
    archived by nobody. One for which the tables are too busy is made at the next look.
    """
    return [month.name for month in _missing(now or clock.now()) if _made(month)]


def _missing(now: datetime) -> Iterator[Month]:
    there = months()
    for later in range(AHEAD + 1):
        month = month_of(beginning(now, later))
        if not any(_overlap(month, other) for other in there):
            yield month


def month_of(moment: datetime) -> Month:
    """The month of this moment, whether it is there or not."""
    since = beginning(moment)
    return Month(f"{since:%Y-%m}", since, beginning(moment, later=1))


def _overlap(one: Month, other: Month) -> bool:
    assert one.since
    return one.since < other.until and (other.since is None or other.since < one.until)


def _made(month: Month) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"set local lock_timeout = {PATIENCE}")
            create(month)
            attach(month)
    except (IntegrityError, OperationalError) as error:
        log.warning("month not made", month=month.name, error=str(error).partition("\n")[0])
        return False
    return True


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
