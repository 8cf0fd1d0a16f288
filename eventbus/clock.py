"""The one clock that counts: the database's.

Hosts differ, so what is due, leased or claimed is compared and written in SQL. Where code
needs the time itself, for an event's id or an age to show, it is `now()`: the database's clock
as this process read it last, and what has passed since on a clock that nobody sets. It is read
with a connection that is new, at most once a minute, and with each sign of life.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

#: Seconds after which a new connection reads the clock again.
FRESH = 60.0
#: Clocks that are so close are taken for one: the way to the database takes its time too.
CLOSE = timedelta(milliseconds=100)
#: A clock that differs by more raises an alert.
WRONG = timedelta(seconds=1)


@dataclass(frozen=True)
class Reading:
    """The database's time when a clock that nobody sets showed `monotonic`.

    `ahead` is how far the process's own clock was before it; after it, if negative.
    """

    at: datetime
    monotonic: float
    ahead: timedelta


_last: Reading | None = None


def now() -> datetime:
    """Return the database's time; the process's own if it never had a connection."""
    if _last is None:
        return datetime.now(UTC)
    return _last.at + timedelta(seconds=time.monotonic() - _last.monotonic)


def local(moment: datetime) -> datetime:
    """Return a moment in the time zone that people read times in."""
    return timezone.localtime(moment)


def read(of: BaseDatabaseWrapper | None = None) -> Reading:
    """Ask the database for its time, and compare."""
    global _last
    before = time.monotonic()
    with (of or connection).cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        (answer,) = cursor.fetchone()
    after, own = time.monotonic(), datetime.now(UTC)
    way = timedelta(seconds=(after - before) / 2)
    ahead = own - (answer.astimezone(UTC) + way)
    is_close = abs(ahead) <= max(CLOSE, way)
    _last = Reading(own if is_close else own - ahead, after, timedelta() if is_close else ahead)
    return _last


@contextmanager
def showing(moment: datetime) -> Iterator[None]:
    """Have the clock show this moment, and go on from there, within. For tests."""
    global _last
    before, _last = _last, Reading(moment, time.monotonic(), timedelta())
    try:
        yield
    finally:
        _last = before


def read_when_connected(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Read the database's clock on a new connection, before anything is written."""
    if _last is None or time.monotonic() - _last.monotonic > FRESH:
        read(connection)
