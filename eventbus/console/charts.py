"""Line charts, drawn as SVG by a template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log10

from eventbus import clock

WIDTH, HEIGHT = 640.0, 180.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 12.0, 14.0, 22.0
#: Readable on white and on black; lines differ by their dashes as well.
STROKES = (("#2f8f5b", ""), ("#d9822b", "6 3"), ("#d64545", "2 3"))
#: Moments written below.
MOMENTS = 5


@dataclass(frozen=True)
class Line:
    """What was measured when, under a name; where nothing was, the line is broken."""

    name: str
    points: Sequence[tuple[datetime, float]]


@dataclass(frozen=True)
class Drawn:
    name: str
    path: str
    colour: str
    dashes: str


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass
class Chart:
    """Everything to draw, in pixels."""

    title: str
    lines: list[Drawn] = field(default_factory=list)
    heights: list[Tick] = field(default_factory=list)
    moments: list[Tick] = field(default_factory=list)
    marks: list[Tick] = field(default_factory=list)
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM
    middle: float = WIDTH / 2


@dataclass(frozen=True)
class Frame:
    """Which times a chart shows, and in which steps something was measured."""

    since: datetime
    until: datetime
    step: timedelta

    def x(self, moment: datetime) -> float:
        share = (moment - self.since) / (self.until - self.since)
        return round(LEFT + max(share, 0.0) * (WIDTH - LEFT - RIGHT), 1)

    def moments(self) -> list[Tick]:
        stretch = (self.until - self.since) / (MOMENTS - 1)
        style = "%H:%M" if self.until - self.since <= timedelta(days=1) else "%d %b %H:%M"
        times = [clock.local(self.since + n * stretch) for n in range(MOMENTS)]
        return [Tick(self.x(time), f"{time:{style}}") for time in times]


def chart(
    title: str,
    lines: Sequence[Line],
    frame: Frame,
    marks: Sequence[tuple[datetime, str]] = (),
    *,
    spelled: Callable[[float], str],
    logarithmic: bool = False,
) -> Chart:
    """Return the chart of some lines. `marks` are moments with what happened then."""
    scale = log10 if logarithmic else float
    least = 1.0 if logarithmic else 0.0
    top = max([value for line in lines for _, value in line.points], default=0.0) or 1.0
    top = max(top, least * 10)

    def y(value: float) -> float:
        share = (scale(max(value, least)) - scale(least)) / (scale(top) - scale(least))
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    return Chart(
        title,
        [
            Drawn(line.name, _path(line, frame, y), *stroke)
            for line, stroke in zip(lines, STROKES, strict=False)
        ],
        [Tick(y(value), spelled(value)) for value in _heights(top, logarithmic)],
        frame.moments(),
        [Tick(frame.x(at), label) for at, label in marks if at >= frame.since],
    )


def _path(line: Line, frame: Frame, y: Callable[[float], float]) -> str:
    """Return a line as an SVG path: a move over each gap, and a dot for a lone point."""
    path, last = [], None
    for at, value in line.points:
        joins = last is not None and at - last <= frame.step * 1.5
        path.append(f"{'L' if joins else 'M'}{frame.x(at)} {y(value)}{'' if joins else 'h2'}")
        last = at
    return "".join(path)


def _heights(top: float, logarithmic: bool) -> list[float]:
    if not logarithmic:
        return [0.0, top / 2, top]
    return [10.0**n for n in range(int(log10(top)) + 1)]
