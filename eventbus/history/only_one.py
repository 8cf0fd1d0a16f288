"""Work on an app's history that one process does at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from eventbus.exceptions import BusError
from eventbus.pg_listen import direct_connection


class AlreadyRunning(BusError):
    """Another process does this work for the app just now: let it end, or stop it."""


@contextmanager
def only_one(work: str, app: str) -> Iterator[None]:
    """Hold the database's lock for a work on an app within; it goes with this process.

    Raises `AlreadyRunning`.
    """
    key = f"eventbus {work} {app}"
    with direct_connection().cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(f"another {work} of {app} is running just now")
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [key])
