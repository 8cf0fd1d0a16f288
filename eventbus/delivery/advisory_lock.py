"""Advisory locks for work that one of many processes does, and a time limit for its steps."""

import signal
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection

#: Seconds that one step of a relay's work may take. The servers' own limits come before it.
TURN_TIMEOUT = 30


def with_time_limit(on_turn: Callable[[], None]) -> Callable[[], None]:
    """Wrap `on_turn` so that it must be called every `TURN_TIMEOUT`; for a main thread.

    Otherwise the running step ends with an `OperationalError`: a server that does not answer,
    though its connection is open, counts as away.
    """

    def strike(*_: Any) -> None:
        raise OperationalError(f"no answer within {TURN_TIMEOUT} s")

    def turn() -> None:
        signal.setitimer(signal.ITIMER_REAL, TURN_TIMEOUT)
        on_turn()

    signal.signal(signal.SIGALRM, strike)
    return turn


def try_advisory_lock(lock: int) -> bool:
    """Try to take a transaction-level advisory lock; False if another session holds it.

    `lock` is a number that stands for this work in all processes.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [lock])
        return bool(cursor.fetchone()[0])
