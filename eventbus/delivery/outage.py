"""Tell outages of the database from errors of a statement, and recover the connection."""

from contextlib import suppress

from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections
from psycopg.pq import TransactionStatus

#: Beginnings of the SQLSTATEs of a database that is away, goes away, lets nobody in, is full,
#: broken, or may be read only. https://www.postgresql.org/docs/current/errcodes-appendix.html
STATES = ("08", "25006", "28", "3D", "53", "57P", "58", "F0")
#: A lock that was not granted in time, and a deadlock.
LOCK_STATES = ("55P03", "40P01")
#: Seconds that cancelling what runs on the server may take.
CANCELS_WITHIN = 2.0


def is_outage(error: BaseException) -> bool:
    """Return whether `error` is an outage: only a later try on a new connection can help."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return False
    if code := getattr(error.__cause__, "sqlstate", None):
        # A standby may cancel any query, and says no more than that there was a conflict.
        return code.startswith(STATES) or _may_only_be_read()
    return isinstance(error, OperationalError | InterfaceError) and not connection.is_usable()


def is_about_locks(error: BaseException) -> bool:
    """Return whether `error` says that somebody else holds a lock."""
    return getattr(error.__cause__, "sqlstate", None) in LOCK_STATES


def _may_only_be_read() -> bool:
    """Return whether the server last reported that it is read-only; sends no statement."""
    raw = connection.connection
    if raw is None or raw.closed:
        return False
    reported = map(raw.info.parameter_status, ("in_hot_standby", "default_transaction_read_only"))
    return "on" in reported


def cancel_running() -> None:
    """Cancel the running statement on the server; nobody waits for its answer any more."""
    raw = connection.connection
    if raw is not None and raw.info.transaction_status == TransactionStatus.ACTIVE:
        # Where it does not hear of this its own time limits end the statement.
        with suppress(Exception):
            raw.cancel_safe(timeout=CANCELS_WITHIN)


def drop_connections() -> None:
    """Drop every connection of this thread; the next statement makes a new one."""
    for each in connections.all(initialized_only=True):
        with suppress(DatabaseError, InterfaceError):
            each.close()
