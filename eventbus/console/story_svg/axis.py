"""The time axis of a story's picture."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from eventbus.console.render_tree import format_duration

#: Pixels of a stretch that was cut, and the least between two ticks.
CUT = 44.0
TICKS = 110.0
_SECOND, _MINUTE, _HOUR, _DAY = 1000, 60_000, 3_600_000, 86_400_000
#: Milliseconds from one tick to the next, on an axis that is linear.
ROUND = (
    *(1, 2, 5, 10, 20, 50, 100, 200, 500),
    *(n * _SECOND for n in (1, 2, 5, 10, 30)),
    *(n * _MINUTE for n in (1, 2, 5, 10, 30)),
    *(n * _HOUR for n in (1, 2, 6, 12)),
    *(n * _DAY for n in (1, 2, 7, 30, 90, 365, 3650)),
)


@dataclass(frozen=True)
class Tick:
    """A moment that is written at the axis, as time since the story began."""

    x: float
    label: str


@dataclass(frozen=True)
class Cut:
    """A stretch in which nothing began or ended: drawn short, its length is written there."""

    x: float
    label: str


class Axis:
    """Milliseconds since the story began to pixels, between `left` and `right`.

    `moments`: when anything begins or ends.
    """

    def __init__(self, moments: Iterable[int], left: float, right: float) -> None:
        self._moments = sorted(set(moments)) or [0]
        self._stretches = [after - before for before, after in pairwise(self._moments)]
        self._cut = _long(self._stretches)
        kept = sum(length for length in self._stretches if length not in self._cut)
        free = right - left - CUT * sum(length in self._cut for length in self._stretches)
        self._scale = max(free, 1.0) / kept if kept else 0.0
        self._xs = [left]
        for length in self._stretches:
            self._xs.append(self._xs[-1] + self._width(length))

    def x(self, ms: int) -> float:
        """Return the place of a moment; one outside the picture is at its edge."""
        place = bisect_right(self._moments, ms) - 1
        if place < 0 or not self._stretches:
            return self._xs[0]
        if place >= len(self._stretches):
            return self._xs[-1]
        length = self._stretches[place]
        share = (ms - self._moments[place]) / length
        return round(self._xs[place] + share * self._width(length), 1)

    def cuts(self) -> Iterator[Cut]:
        """Yield every stretch that was cut, by its middle."""
        for x, length in zip(self._xs, self._stretches, strict=False):
            if length in self._cut:
                yield Cut(round(x + CUT / 2, 1), format_duration(length))

    def runs(self) -> Iterator[tuple[int, int]]:
        """Yield from when to when anything began or ended, between the stretches that were cut."""
        begin = before = self._moments[0]
        for moment in self._moments[1:]:
            if moment - before in self._cut:
                yield begin, before
                begin = moment
            before = moment
        yield begin, before

    def ticks(self) -> Iterator[Tick]:
        """Yield the moments to write, none too close to another."""
        last = float("-inf")
        for x, ms in zip(self._xs, self._moments, strict=True):
            if x - last >= TICKS:
                last = x
                yield Tick(round(x, 1), f"+{format_duration(ms)}")

    def _width(self, length: int) -> float:
        return CUT if length in self._cut else length * self._scale


class LinearAxis(Axis):
    """An axis on which a millisecond is as long everywhere, with ticks at round times."""

    def __init__(self, begin: int, end: int, left: float, right: float) -> None:
        super().__init__([begin, end], left, right)
        self._begin, self._end = begin, end

    def ticks(self) -> Iterator[Tick]:
        """Yield round moments, none too close to another."""
        step = next((step for step in ROUND if step * self._scale >= TICKS), ROUND[-1])
        for ms in range(-(-self._begin // step) * step, self._end + 1, step):
            yield Tick(self.x(ms), f"+{format_duration(ms)}")


def _long(stretches: list[int]) -> set[int]:
    """Return the lengths to cut: each is longer than all shorter ones together."""
    rest = sum(stretches)
    cut: set[int] = set()
    for length in sorted(set(stretches), reverse=True):
        rest -= length * stretches.count(length)
        if length <= rest or not rest:
            break
        cut.add(length)
    return cut
