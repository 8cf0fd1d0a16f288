"""Crash points (failpoints): steps at which a process can be made to die as by kill -9.

`EVENTBUS_CRASH_AT` is a folder; a file in it, named as a step, has the process that gets there
first take the file away and kill itself, so once. Unset, a point is one look at a setting.
"""

import os
import signal
from pathlib import Path

from eventbus.conf import conf

STEPS = (
    "relay.claiming",
    "relay.claimed",
    "relay.published",
    "relay.marked",
    "relay.resending",
    "relay.resent",
    "worker.received",
    "worker.counted",
    "worker.locked",
    "worker.ran",
    "worker.committed",
    "worker.calling",
    "worker.called",
    "worker.recorded",
    "worker.concluded",
    "worker.acking",
    "worker.acked",
)


def crash_point(step: str) -> None:
    """Kill this process if the file of this step exists."""
    if conf.CRASH_AT and _consume(Path(conf.CRASH_AT) / step):
        os.kill(os.getpid(), signal.SIGKILL)


def _consume(order: Path) -> bool:
    """Delete the file; True for the one process that did, False if there was none."""
    try:
        order.unlink()
    except FileNotFoundError:
        return False
    return True
