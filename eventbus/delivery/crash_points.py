"""Crash points: steps at which a process can be told to die, as by kill -9, to prove what follows.

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


def point(step: str) -> None:
    """Die here if somebody has asked for it."""
    if conf.CRASH_AT and _take_away(Path(conf.CRASH_AT) / step):
        os.kill(os.getpid(), signal.SIGKILL)


def _take_away(order: Path) -> bool:
    """Whether the file was there; of several processes one takes it."""
    try:
        order.unlink()
    except FileNotFoundError:
        return False
    return True
