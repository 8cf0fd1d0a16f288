"""After the faults: start everything again, and wait until what is open is worked off."""

import time
from collections.abc import Callable

from devtools.chaos.system_under_test import SystemUnderTest
from devtools.open_work import OPEN
from devtools.waiting import wait_until
from shop.settings import REACTING_APPS

#: Seconds after the last fault in which every program is ready.
UP_WITHIN = 120
#: Seconds without any progress after which what is left is taken for lost: what was sent again
#: several times in vain waits the longer for the next time.
STALL_TIMEOUT = 330.0
#: Seconds between two looks.
LOOK_EVERY = 1.0

_DONE = "select count(*) from eventbus_delivery where state = 'done'"


def recover(sut: SystemUnderTest) -> None:
    """Start everything. Whoever comes to a crash point that is still armed crashes all the same."""
    sut.proxy.heal()
    sut.mail.start()
    sut.broker.start()
    sut.system.start_program(*sorted(sut.off))
    expected = {"web", "relay", "postgres", *REACTING_APPS}
    wait_until(lambda: expected <= set(sut.system.pids()), UP_WITHIN, "every program is up")


def drain(sut: SystemUnderTest, report: Callable[[str], None]) -> bool:
    """Wait until nothing is open; False when there was no progress for too long."""
    last, progress = time.monotonic(), None
    while True:
        (left,), ((done,),) = sut.rows(OPEN), sut.rows(_DONE)
        if not any(left):
            return True
        if (left, done) != progress:
            progress, last = (left, done), time.monotonic()
        if time.monotonic() - last > STALL_TIMEOUT:
            return False
        report("open: {} orders, {} events, {} reactions".format(*left))
        time.sleep(LOOK_EVERY)
