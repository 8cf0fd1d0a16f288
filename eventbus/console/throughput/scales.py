"""Scales of charts: where a value is drawn, and which values are written beside it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import floor, log10

from eventbus.operations.units import spell_duration, spell_number

#: Pixels, of 72. The uppermost and lowest label need room.
TOP, BOTTOM = 7.0, 65.0
#: Milliseconds that people know by name.
LADDER = (1.0, 10.0, 100.0, 1_000.0, 10_000.0, 60_000.0, 600_000.0, 3_600_000.0)
#: With more of them, only each second is written.
MOST_LABELS = 5
#: Of which size the highest value of a scale is, so that half of it is a round number too.
_ROUND = (1, 2, 4, 10)


@dataclass(frozen=True)
class Tick:
    """A value that is written beside the chart; `y` in pixels."""

    y: float
    label: str


@dataclass(frozen=True)
class Scale:
    """What lies at the bottom and at the top of a chart, and what is written beside it."""

    low: float
    high: float
    by: Callable[[float], float]
    labels: tuple[tuple[float, str], ...]

    def y(self, value: float) -> float:
        """Return the height of a value; what is beyond the scale is at its end."""
        low, high = self.by(self.low), self.by(self.high)
        share = (self.by(max(value, self.low)) - low) / (high - low)
        return round(BOTTOM - min(share, 1.0) * (BOTTOM - TOP), 1)

    @property
    def ticks(self) -> list[Tick]:
        return [Tick(self.y(value), label) for value, label in self.labels]


def rate_scale(values: Iterable[float]) -> Scale:
    """Return a scale from nothing to a round number above all values."""
    top = _round_above(max(values, default=0.0))
    labels = tuple((value, spell_number(value)) for value in (0.0, top / 2, top))
    return Scale(0.0, top, float, labels)


def latency_scale(values: Iterable[float]) -> Scale:
    """Return a logarithmic scale around all values, labelled where people know the time."""
    known = sorted(values) or [10.0, 1_000.0]
    low = max((rung for rung in LADDER[:-1] if rung <= known[0]), default=LADDER[0])
    high = min((rung for rung in LADDER if rung >= max(known[-1], low + 1)), default=LADDER[-1])
    rungs = [rung for rung in LADDER if low <= rung <= high]
    every = 1 if len(rungs) <= MOST_LABELS else 2
    labels = tuple((rung, spell_duration(rung)) for rung in rungs[::every])
    return Scale(low, high, log10, labels)


def _round_above(value: float) -> float:
    if value <= 1:
        return 1.0
    size = 10.0 ** floor(log10(value))
    return float(next(each * size for each in _ROUND if each * size >= value))
