"""What a worker or a relay tells of itself: that its loop turns, and what it is at."""

import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from eventbus.conf import conf
from eventbus.delivery.trouble import Told

#: Seconds between two times that a loop's sign of life is left in a file.
TOUCH_EVERY = 1.0


@dataclass(frozen=True)
class WorkerActivity:
    """What a worker is at: messages finished since it started, event types that run now."""

    handled: int
    running: list[str]
    trouble: Told | None = None


class Pulse:
    """What the loop that works beats in each of its turns; for a probe, a file's time tells it."""

    def __init__(self, name: str) -> None:
        self._file = Path(conf.STATE) / "run" / "alive" / name if conf.STATE else None
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        self._touched = float("-inf")
        self.beat()

    def beat(self) -> None:
        self._turned = time.monotonic()
        if self._file and self._turned - self._touched >= TOUCH_EVERY:
            self._file.touch()
            self._touched = self._turned

    @property
    def age(self) -> timedelta:
        """How long the loop has made no turn."""
        return timedelta(seconds=time.monotonic() - self._turned)
