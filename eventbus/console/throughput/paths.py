"""Charts as SVG paths, in a box that is 1000 wide and is stretched to the width there is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from eventbus.console.throughput.scales import BOTTOM
from eventbus.console.throughput.time_range import TimeRange

WIDTH = 1000.0
Measured = Iterable[tuple[datetime, float]]


@dataclass(frozen=True)
class Pen:
    """Draws what was measured in steps of a time range."""

    time: TimeRange
    y: Callable[[float], float]
    #: where parts of steps are: all lines are of the same steps
    _places: dict[tuple[datetime, float], float] = field(default_factory=dict)

    def line(self, points: Measured) -> str:
        """Return a line through the middle of each step: broken where nothing was measured."""
        path, last = [], None
        for at, value in points:
            joins = last is not None and at - last == self.time.step
            end = "" if joins else "h.1"
            path.append(f"{'L' if joins else 'M'}{self._x(at, 0.5):g} {self.y(value):g}{end}")
            last = at
        return "".join(path)

    def bars(self, points: Measured) -> str:
        """Return what stands on the ground: as wide as a step, as high as the value."""
        return "".join(
            f"M{self._x(at):g} {BOTTOM:g}V{self.y(value):g}H{self._x(at, 1):g}V{BOTTOM:g}Z"
            for at, value in points
            if value
        )

    def tops(self, points: Iterable[tuple[datetime, float, float]]) -> str:
        """Return what stands upon such bars, from a value to another."""
        return "".join(
            f"M{self._x(at):g} {self.y(low):g}V{self.y(high):g}H{self._x(at, 1):g}V{self.y(low):g}Z"
            for at, low, high in points
        )

    def bars_above(self, points: Measured, bottom: float) -> str:
        """Return the parts of such bars that are above a height."""
        return "".join(
            f"M{self._x(at):g} {bottom:g}V{y:g}H{self._x(at, 1):g}V{bottom:g}Z"
            for at, value in points
            if (y := self.y(value)) < bottom
        )

    def _x(self, at: datetime, part: float = 0.0) -> float:
        place = self._places.get((at, part))
        if place is None:
            moment = min(at + self.time.step * part, self.time.until)
            place = self._places[at, part] = round(WIDTH / 100 * self.time.x(moment), 1)
        return place
