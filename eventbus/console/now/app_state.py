"""In a word: how an app is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eventbus.operations.worker_status import Worker


class AppState(StrEnum):
    """How an app is, the worst last."""

    OK = "ok"
    BEHIND = "behind"
    STALLED = "stalled"
    PAUSED = "paused"
    DOWN = "down"

    @property
    def mark(self) -> str:
        """Return the sign that tells it from the others without a colour."""
        return MARKS[self]


MARKS = {
    AppState.OK: "✓",
    AppState.BEHIND: "▲",
    AppState.STALLED: "◌",
    AppState.PAUSED: "‖",
    AppState.DOWN: "✕",
}


@dataclass(frozen=True)
class Paused:
    """A pause: of a whole app where `reaction` is empty."""

    app: str
    reaction: str
    by: str
    reason: str
    held_for: str

    @property
    def name(self) -> str:
        return f"{self.app}.{self.reaction}" if self.reaction else self.app


@dataclass(frozen=True)
class AppNow:
    """What is so of one app now; `done` is by the minute, this one last."""

    name: str
    waiting: int
    failed: int
    parked: int
    oldest: datetime | None
    pauses: tuple[Paused, ...]
    workers: tuple[Worker, ...]
    done: tuple[int, ...]
    per_second: float
    #: how old the oldest may be
    budget: timedelta
    at: datetime

    @property
    def state(self) -> AppState:
        """Return its state, the worst of those that are so."""
        if not any(worker.state in ("alive", "stalled") for worker in self.workers):
            return AppState.DOWN
        if self.is_paused:
            return AppState.PAUSED
        if any(worker.state == "stalled" for worker in self.workers):
            return AppState.STALLED
        if self.oldest and self.at - self.oldest > self.budget:
            return AppState.BEHIND
        return AppState.OK

    @property
    def is_paused(self) -> bool:
        """Return whether the whole app is paused."""
        return any(not pause.reaction for pause in self.pauses)

    @property
    def does(self) -> str:
        """Say what its workers do, as they last told."""
        running = _names(each for worker in self.workers for each in worker.seen.running)
        return running or self._why_idle()

    def _why_idle(self) -> str:
        whole = next((pause for pause in self.pauses if not pause.reaction), None)
        if whole:
            return f"paused by {whole.by}: {whole.reason}"
        if self.state is AppState.DOWN:
            return "no worker answers"
        return "nothing waits" if not self.waiting + self.failed else "takes what is due"


def _names(types: Iterable[str]) -> str:
    """Return the type that most are of, and how many more there are."""
    counted = Counter(type.rpartition(".")[2] for type in types).most_common()
    more = f", {len(counted) - 1} more" if len(counted) > 1 else ""
    return f"{counted[0][0]}{more}" if counted else ""
