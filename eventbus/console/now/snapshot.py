"""What is so now, as the statement found it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from eventbus import registry
from eventbus.conf import conf
from eventbus.console.now.app_state import AppNow, Paused
from eventbus.console.now.statement import MINUTES, SECONDS, read_now
from eventbus.operations import overdue
from eventbus.operations.models import WorkerHeartbeat
from eventbus.operations.worker_status import Worker, as_seen, missing

#: Columns of a worker that are times.
TIMES = ("started_at", "seen_at", "handled_at", "failing_since")


@dataclass(frozen=True)
class Overdue:
    """A reaction that has not answered an event in time."""

    app: str
    reaction: str
    event_type: str


@dataclass(frozen=True)
class Trouble:
    """How many deliveries of one reaction fail alike."""

    app: str
    reaction: str
    fingerprint: str
    failed: int
    parked: int


@dataclass(frozen=True)
class Unpublished:
    """Events of one type that are due and not published."""

    type: str
    count: int
    oldest: datetime


@dataclass(frozen=True)
class OpenAlert:
    """An episode that is not over, and when its cause was last found."""

    rule: str
    about: str
    message: str
    seen_at: datetime


class Snapshot:
    """One moment of the bus and of what hooks add; `raw` is what the statement returned."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.at = _moment(raw["at"])

    @classmethod
    def take(cls) -> "Snapshot":
        """Ask the database once."""
        return cls(read_now())

    @cached_property
    def workers(self) -> list[Worker]:
        """Return every worker that was seen recently."""
        free: dict[str, datetime] = {}
        for row in self.raw["oldest"]:
            if since := row["free_since"]:
                free[row["app"]] = min(_moment(since), free.get(row["app"], self.at))
        return [as_seen(_heartbeat(row), free.get(row["app"])) for row in self.raw["workers"]]

    @cached_property
    def missing(self) -> list[str]:
        """Return `relay` when none works, and the apps that no worker works for."""
        return missing(self.workers)

    @cached_property
    def pauses(self) -> list[Paused]:
        return [Paused(**row) for row in self.raw["pauses"]]

    @cached_property
    def troubles(self) -> list[Trouble]:
        return [Trouble(**row) for row in self.raw["troubled"]]

    @cached_property
    def overdue(self) -> list[Overdue]:
        """Return the reactions that have not answered in time, and are not paused."""
        limits = overdue.thresholds()
        return [
            Overdue(row["app"], row["reaction"], row["type"])
            for row in self.raw["oldest"]
            if (limit := limits.get((row["app"], row["reaction"])))
            and self.at - _moment(row["waiting_since"]) > limit
        ]

    @cached_property
    def alerts(self) -> list[OpenAlert]:
        return [OpenAlert(**row | _times(row, "seen_at")) for row in self.raw["alerts"]]

    @cached_property
    def unpublished(self) -> list[Unpublished]:
        return [Unpublished(**row | _times(row, "oldest")) for row in self.raw["unpublished"]]

    @cached_property
    def apps(self) -> list[AppNow]:
        """Return every app that reacts or has something left, by name."""
        names = {row["app"] for part in ("open", "troubled") for row in self.raw[part]}
        return [self._app(name) for name in sorted({*registry.apps_with_reactions(), *names})]

    @property
    def pulse(self) -> dict[str, int]:
        """Return how many events of each type were emitted in the last second."""
        return {row["type"]: row["now"] for row in self.raw["emitted"] if row["now"]}

    @property
    def events_per_second(self) -> float:
        return sum(row["lately"] for row in self.raw["emitted"]) / SECONDS

    @property
    def reactions_per_second(self) -> float:
        return sum(app.per_second for app in self.apps)

    @property
    def failed(self) -> int:
        """Return how many reactions are to be retried, or parked."""
        return sum(each.failed + each.parked for each in self.troubles)

    @property
    def oldest(self) -> datetime | None:
        """Return since when the event that waits longest has waited, of apps at work."""
        times = (app.oldest for app in self.apps if app.oldest and not app.is_paused)
        return min(times, default=None)

    def _app(self, name: str) -> AppNow:
        is_open: dict[str, Any] = next(_of(self.raw["open"], name), {"count": 0, "oldest": None})
        troubles = [each for each in self.troubles if each.app == name]
        failed = sum(each.failed for each in troubles)
        return AppNow(
            name=name,
            waiting=max(is_open["count"] - failed, 0),
            failed=failed,
            parked=sum(each.parked for each in troubles),
            oldest=_moment(is_open["oldest"]) if is_open["oldest"] else None,
            pauses=tuple(pause for pause in self.pauses if pause.app == name),
            workers=tuple(worker for worker in self.workers if worker.seen.app == name),
            done=self._done_by_minute(name),
            per_second=sum(row["count"] for row in _of(self.raw["done"], name)) / SECONDS,
            budget=self._budget(name),
            at=self.at,
        )

    def _done_by_minute(self, app: str) -> tuple[int, ...]:
        counts = {row["ago"]: row["done"] for row in _of(self.raw["minutes"], app)}
        return tuple(counts.get(ago, 0) for ago in reversed(range(MINUTES)))

    def _budget(self, app: str) -> timedelta:
        for row in _of(self.raw["levels"], app):
            return timedelta(seconds=row["seconds"])
        return conf.LATENCY_BUDGET


def _of(rows: Iterable[dict[str, Any]], app: str) -> Iterator[dict[str, Any]]:
    return (row for row in rows if row["app"] == app)


def _heartbeat(row: dict[str, Any]) -> WorkerHeartbeat:
    return WorkerHeartbeat(**row | _times(row, *TIMES))


def _times(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: _moment(row[name]) if row[name] else None for name in names}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
