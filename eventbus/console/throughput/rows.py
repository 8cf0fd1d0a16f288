"""The rows of the page: one app each, all drawn over the same time and on the same scales."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from eventbus.console.throughput.charts import Charts, Scales, charts, scales
from eventbus.console.throughput.time_range import TimeRange
from eventbus.messaging import broker
from eventbus.operations import metrics
from eventbus.operations.models import DeployedVersion, ServiceLevel
from eventbus.operations.scale_hints import ScaleHint, scale_hints
from eventbus.operations.service_levels import Budget, budgets, default_level, service_levels

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Release:
    """A version of an app that first ran in this time; `x` in percent of the width."""

    app: str
    version: str
    since: datetime
    x: float


@dataclass(frozen=True)
class Row:
    """An app: what waits for it and how fast it is now, its budget, and how it has been."""

    waiting: metrics.Backlog
    #: messages in its queue; None where the broker does not say
    depth: int | None
    now: metrics.Point | None
    day: Budget
    week: Budget
    charts: Charts
    releases: list[Release]
    #: None for an app that reacts to nothing any more
    hint: ScaleHint | None

    @property
    def app(self) -> str:
        return self.waiting.app

    @property
    def budgets(self) -> tuple[Budget, Budget]:
        """Return the budgets of the last day and of the last week."""
        return self.day, self.week

    @property
    def per_minute(self) -> float:
        """Return how much it does in a minute, just now."""
        return self.now.done / (metrics.RECENT / MINUTE) if self.now else 0.0


@dataclass(frozen=True)
class Page:
    """All rows, the scales that they share, and what was measured."""

    scales: Scales
    rows: list[Row]
    points: dict[str, list[metrics.Point]]

    @property
    def releases(self) -> dict[str, list[Release]]:
        """Return which apps began to run which version in this time, the newest first."""
        found = [release for row in self.rows for release in row.releases]
        by_version: dict[str, list[Release]] = {}
        for release in sorted(found, key=attrgetter("since"), reverse=True):
            by_version.setdefault(release.version, []).append(release)
        return by_version


def depths() -> dict[str, int] | None:
    """Return the messages in each app's queue; None when the broker does not answer."""
    try:
        return metrics.depths()
    except broker.errors():
        return None


def page(time: TimeRange, apps: Collection[str], depths: dict[str, int] | None) -> Page:
    """Return the rows of these apps, or of all."""
    waiting = [each for each in metrics.backlogs() if not apps or each.app in apps]
    levels = _levels([each.app for each in waiting])
    points = measured(time, levels)
    on = scales(time, [p for of_app in points.values() for p in of_app], levels.values())
    recent, releases = metrics.recent(), _releases(time)
    left, hints = budgets(levels), scale_hints(waiting)
    rows = [
        Row(
            each,
            (depths or {}).get(app),
            recent.get(app),
            *left[app],
            charts(on, points[app], levels[app]),
            [release for release in releases if release.app == app],
            hints.get(app),
        )
        for each in waiting
        for app in [each.app]
    ]
    return Page(on, rows, points)


def measured(time: TimeRange, apps: Collection[str]) -> dict[str, list[metrics.Point]]:
    """Return what each of these apps did, step by step."""
    found: dict[str, list[metrics.Point]] = {app: [] for app in apps}
    for point in metrics.series(time.since, time.step, time.until):
        if point.app in found:
            found[point.app].append(point)
    return found


def _levels(apps: Collection[str]) -> dict[str, ServiceLevel]:
    known = service_levels()
    return {app: known.get(app) or default_level(app) for app in apps}


def _releases(time: TimeRange) -> list[Release]:
    rows = DeployedVersion.objects.filter(since__gte=time.since, since__lte=time.until)
    return [
        Release(row.app, row.version, row.since, time.x(row.since))
        for row in rows.order_by("since")
    ]
