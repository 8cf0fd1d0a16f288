"""The two charts of an app: how soon it reacted, and how much it did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from eventbus.console.throughput.paths import WIDTH, Measured, Pen
from eventbus.console.throughput.scales import Scale, latency_scale, rate_scale
from eventbus.console.throughput.time_range import TimeRange
from eventbus.operations.metrics import PERCENTILES, Point
from eventbus.operations.models import ServiceLevel
from eventbus.operations.units import spell_duration, spell_rate


@dataclass(frozen=True)
class Charts:
    """What is drawn of an app: paths, and the height of its budget line."""

    lines: dict[str, str]
    budget: float
    #: what stands above the budget line, where more was late than may be
    late: str
    done: str
    failed: str
    #: the same in a sentence each, for who does not see it
    latency_words: str
    rate_words: str

    @property
    def latency_paths(self) -> list[tuple[str, str]]:
        """Return what is drawn of the latency, by class, the lowest first."""
        line = f"M0 {self.budget:g}H{WIDTH:g}"
        return [("late", self.late), ("budget", line), *reversed(self.lines.items())]

    @property
    def rate_paths(self) -> list[tuple[str, str]]:
        """Return what is drawn of the throughput, by class, the lowest first."""
        return [("failed", self.failed), ("done", self.done)]


@dataclass(frozen=True)
class Scales:
    """What the charts of all apps share."""

    time: TimeRange
    latency: Scale
    rate: Scale

    @cached_property
    def latency_pen(self) -> Pen:
        return Pen(self.time, self.latency.y)

    @cached_property
    def rate_pen(self) -> Pen:
        return Pen(self.time, self.rate.y)


def scales(time: TimeRange, points: Iterable[Point], levels: Iterable[ServiceLevel]) -> Scales:
    """Return scales on which there is room for everything that was measured."""
    known = list(points)
    took = [each for p in known for each in (p.p50, p.p95, p.p99) if each is not None]
    rates = (_per_minute(time, p.at, p.done + p.failures) for p in known)
    latencies = [*took, *(level.latency_ms for level in levels)]
    return Scales(time, latency_scale(latencies), rate_scale(rates))


def charts(on: Scales, points: Sequence[Point], level: ServiceLevel) -> Charts:
    """Draw what an app did."""
    latency, rate = on.latency_pen, on.rate_pen
    budget = on.latency.y(level.latency_ms)
    took = [(p.at, ms) for p in points if (ms := p.percentile(level.share)) is not None]
    done = done_per_minute(on.time, points)
    failed = [
        (p.at, each, each + _per_minute(on.time, p.at, p.failures))
        for p, (_, each) in zip(points, done, strict=True)
        if p.failures
    ]
    return Charts(
        {name: latency.line(_measured(points, name)) for name in PERCENTILES},
        budget,
        latency.bars_above(took, budget),
        rate.bars(done),
        rate.tops(failed),
        _latency_words(points, sum(ms > level.latency_ms for _, ms in took)),
        f"at most {spell_rate(max(n for _, n in done))}" if done else "nothing was done",
    )


def done_per_minute(time: TimeRange, points: Iterable[Point]) -> list[tuple[datetime, float]]:
    """Return how much was done in a minute of each step."""
    return [(p.at, _per_minute(time, p.at, p.done)) for p in points]


def _per_minute(time: TimeRange, step: datetime, many: int) -> float:
    return many / time.minutes(step)


def _measured(points: Iterable[Point], name: str) -> Measured:
    return [(p.at, ms) for p in points if (ms := getattr(p, name)) is not None]


def _latency_words(points: Sequence[Point], late: int) -> str:
    slowest = max((p.p99 for p in points if p.p99 is not None), default=None)
    if slowest is None:
        return "nothing was measured"
    over = f"{late} of {len(points)} steps above the budget" if late else "never above the budget"
    return f"p99 at most {spell_duration(slowest)}, {over}"
