"""Work that takes turns: of any number of processes one does it; and none takes for ever."""

import signal
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection

#: Seconds that a piece of a relay's work may take. The servers' own limits come before it.
TURN_WITHIN = 30


def limited(turned: Callable[[], None]) -> Callable[[], None]:
    """`turned`, which from now on must be called each `TURN_WITHIN`; for a main thread.

    Otherwise what is being done ends with an `OperationalError`: a server that says nothing,
    though its connection is there, is as good as away.
    """

    def strike(*_: Any) -> None:
        raise OperationalError(f"no answer within {TURN_WITHIN} s")

    def turn() -> None:
        signal.setitimer(signal.ITIMER_REAL, TURN_WITHIN)
        turned()

    signal.signal(signal.SIGALRM, strike)
    return turn


def take_turn(lock: int) -> bool:
    """Whether it is ours until the open transaction ends; false while another one has it.

    `lock` is a number of this work's own, the same for all who do it.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [lock])
        return bool(cursor.fetchone()[0])
