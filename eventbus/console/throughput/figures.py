"""What the charts show, in figures: for a table, and for the line that follows the pointer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventbus import clock
from eventbus.console.throughput.charts import done_per_minute
from eventbus.console.throughput.time_range import TimeRange
from eventbus.operations.metrics import PERCENTILES, Point
from eventbus.operations.units import spell_duration, spell_rate


@dataclass(frozen=True)
class Figure:
    """What an app did in one step, spelled."""

    app: str
    at: datetime
    rate: str
    took: dict[str, str]
    failures: int


@dataclass(frozen=True)
class Figures:
    """What apps did in the steps of a time; steps without any are left out."""

    time: TimeRange
    rows: list[Figure]

    def __iter__(self) -> Iterator[Figure]:
        """Yield the newest first."""
        return iter(sorted(self.rows, key=lambda row: (-row.at.timestamp(), row.app)))

    def as_json(self) -> dict[str, Any]:
        """Return them by app and by the number of the step, for a script."""
        apps: dict[str, dict[int, list[str]]] = {}
        for row in self.rows:
            number = (row.at - self.time.since) // self.time.step
            apps.setdefault(row.app, {})[number] = [row.rate, *row.took.values()]
        return {
            "times": [f"{clock.local(at):%d %b %H:%M}" for at in self.time.steps],
            "apps": apps,
        }


def figures(time: TimeRange, points: dict[str, list[Point]]) -> Figures:
    """Return what was measured, as people read it."""
    return Figures(time, [row for app in points for row in _of_app(time, points[app])])


def _of_app(time: TimeRange, points: list[Point]) -> Iterator[Figure]:
    for point, (at, rate) in zip(points, done_per_minute(time, points), strict=True):
        took = {name: _spelled(getattr(point, name)) for name in PERCENTILES}
        yield Figure(point.app, at, spell_rate(rate), took, point.failures)


def _spelled(ms: float | None) -> str:
    return "–" if ms is None else spell_duration(ms)
