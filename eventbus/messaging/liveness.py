"""Liveness of a worker, a relay or a web process: its loop turns; and its activity."""

import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from eventbus.conf import conf
from eventbus.delivery.outage_state import Outage

#: Seconds between two updates of the liveness file.
TOUCH_EVERY = 1.0


@dataclass(frozen=True)
class WorkerActivity:
    """Activity of a worker: messages finished since it started, event types that run now."""

    handled: int
    running: list[str]
    outage: Outage | None = None


class Liveness:
    """Marked by the working loop in each turn; a file's modification time says so to a probe."""

    def __init__(self, name: str) -> None:
        self._file = Path(conf.STATE) / "run" / "alive" / name if conf.STATE else None
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        self._touched = float("-inf")
        self.mark_alive()

    def mark_alive(self) -> None:
        self._alive_at = time.monotonic()
        if self._file and self._alive_at - self._touched >= TOUCH_EVERY:
            self._file.touch()
            self._touched = self._alive_at

    @property
    def age(self) -> timedelta:
        """Return how long the loop has made no turn."""
        return timedelta(seconds=time.monotonic() - self._alive_at)
