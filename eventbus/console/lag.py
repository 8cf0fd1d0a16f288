"""The lag of each app, now and over time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from eventbus import clock
from eventbus.console.charts import Chart, Frame, Line, chart
from eventbus.console.render_tree import format_duration
from eventbus.messaging import broker
from eventbus.operations import metrics
from eventbus.operations.models import DeployedVersion

#: What can be looked back at, and in which steps.
SPANS = {
    "1 hour": (timedelta(hours=1), timedelta(minutes=1)),
    "6 hours": (timedelta(hours=6), timedelta(minutes=5)),
    "24 hours": (timedelta(hours=24), timedelta(minutes=20)),
    "7 days": (timedelta(days=7), timedelta(hours=2)),
}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Lag:
    """One app: what waits for it, how fast it is now, and how fast it was."""

    waiting: metrics.Backlog
    #: messages in its queue; None where the broker does not say
    depth: int | None
    now: metrics.Point | None
    charts: tuple[Chart, ...]

    @property
    def per_minute(self) -> float:
        return self.now.done / (metrics.RECENT / MINUTE) if self.now else 0.0


def depths() -> dict[str, int] | None:
    """Return the messages in each app's queue; None when the broker does not answer."""
    try:
        return metrics.depths()
    except broker.errors():
        return None


def lags(span: str, depths: dict[str, int] | None) -> list[Lag]:
    """Return every app's lag, with charts of a span of time, one of `SPANS`."""
    length, step = SPANS[span]
    now = clock.now()
    frame = Frame(now - length, now, step)
    points = metrics.series(frame.since, step)
    recent = metrics.recent()
    versions = _versions(frame.since)
    return [
        Lag(
            waiting,
            (depths or {}).get(waiting.app),
            recent.get(waiting.app),
            _charts(waiting.app, [p for p in points if p.app == waiting.app], frame, versions),
        )
        for waiting in metrics.backlogs()
    ]


def _versions(since: datetime) -> list[DeployedVersion]:
    return list(DeployedVersion.objects.filter(since__gte=since).order_by("since"))


def _charts(
    app: str, points: list[metrics.Point], frame: Frame, versions: Iterable[DeployedVersion]
) -> tuple[Chart, ...]:
    marks = [(each.since, each.version) for each in versions if each.app == app]
    times = [Line(name, _measured(points, name, frame)) for name in metrics.PERCENTILES]
    done = Line(
        "done per minute", [(_at(p, frame), p.done / (frame.step / MINUTE)) for p in points]
    )
    return (
        chart(
            f"{app}: from emitted to done",
            times,
            frame,
            marks,
            spelled=lambda ms: format_duration(round(ms)),
            logarithmic=True,
        ),
        chart(f"{app}: done per minute", [done], frame, marks, spelled=lambda n: f"{n:.3g}"),
    )


def _measured(points: list[metrics.Point], name: str, frame: Frame) -> list[tuple[datetime, float]]:
    return [(_at(p, frame), value) for p in points if (value := getattr(p, name)) is not None]


def _at(point: metrics.Point, frame: Frame) -> datetime:
    """Return where a step begins in the chart: the first may begin before it."""
    return max(point.at, frame.since)
