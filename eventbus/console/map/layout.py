"""The geometry of the map: a box for each app, a row in it for each of its events, a line from the
row to each app that reacts.

A line leaves its row on the side where the reacting app is, and arrives at the head of that app's
box. Past the boxes of a column between them it leads through the nearest gap, so that no line is
hidden. Pixels, with no drawing and nothing of what goes on: the same code has the same picture.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from eventbus.console.map.places import APART, Columns, Place, arrange, places
from eventbus.registry import app_label, short_name

HEAD, ROW, FOOT = 28.0, 19.0, 5.0
#: Pixels of a letter of a row and of a head, and of what else stands in a row: its rate.
LETTER, HEAD_LETTER, BESIDE_NAME = 6.5, 7.8, 76.0
#: Between columns, around the picture, and of the tip of a line, and of an arc at most.
GAP, MARGIN, TIP, ARC = 88.0, 8.0, 7.0, 54.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Row:
    """An event in its app's box; `y` is its middle."""

    type: str
    y: float


@dataclass(frozen=True)
class Box:
    """An app."""

    app: str
    x: float
    y: float
    width: float
    height: float
    rows: tuple[Row, ...]

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def head(self) -> float:
        """Where its lines arrive."""
        return self.y + HEAD / 2


@dataclass(frozen=True)
class Line:
    """From an event to an app that reacts, with where it begins and where it ends."""

    type: str
    app: str
    path: str
    begin: Point
    end: Point
    #: 1: arrives from the left, and leads to the right there; -1: the other way
    direction: int


@dataclass(frozen=True)
class Layout:
    """Everything, in pixels."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def lay_out(
    events: Mapping[str, Sequence[str]],
    reactors: Mapping[str, Iterable[str]],
    levels: Mapping[str, float],
) -> Layout:
    """Return the picture of each app's events, and of the apps that react to each event.

    An app's lines to itself are left out: they would only lead around its box. Of `levels` the
    lowest is on the left.
    """
    links = {type: sorted({*apps} - {app_label(type)}) for type, apps in reactors.items()}
    sizes = {app: _size(app, events.get(app, ())) for app in _apps(events, links)}
    heights = {app: height for app, (_, height) in sizes.items()}
    lines_between = Counter((app_label(type), app) for type in links for app in links[type])
    columns = arrange(heights, lines_between, {app: levels.get(app, 0.0) for app in sizes})
    boxes = _boxes(columns, sizes, events)
    lanes = _Lanes(columns, boxes)
    lines = tuple(
        lanes.line(row, boxes[app_label(row.type)], boxes[app])
        for box in boxes.values()
        for row in box.rows
        for app in links.get(row.type, ())
    )
    right = max((box.right for box in boxes.values()), default=0.0)
    has_arcs = any(line.end[0] > right for line in lines)
    height = max((box.y + box.height for box in boxes.values()), default=0.0)
    width = right + (ARC if has_arcs else 0.0) + MARGIN
    return Layout(width, height + APART / 2 + MARGIN, tuple(boxes.values()), lines)


def _apps(events: Mapping[str, Sequence[str]], links: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the apps that have something in the picture."""
    return sorted({app for app in events if events[app]} | {a for to in links.values() for a in to})


def _size(app: str, types: Sequence[str]) -> tuple[float, float]:
    rows = max((len(short_name(type)) * LETTER + BESIDE_NAME for type in types), default=0.0)
    width = max(rows, len(app) * HEAD_LETTER + BESIDE_NAME)
    return width, HEAD + ROW * len(types) + (FOOT if types else 0.0)


def _boxes(
    columns: Columns,
    sizes: Mapping[str, tuple[float, float]],
    events: Mapping[str, Sequence[str]],
) -> dict[str, Box]:
    at = places(columns, {app: height for app, (_, height) in sizes.items()})
    found, x = {}, MARGIN
    for column in columns:
        width = max(sizes[app][0] for app in column)
        for app in column:
            found[app] = _box(app, x, width, sizes[app][1], at[app], events.get(app, ()))
        x += width + GAP
    return found


def _box(
    app: str, x: float, width: float, height: float, place: Place, types: Sequence[str]
) -> Box:
    y = place.top + APART / 2 + MARGIN
    rows = (Row(type, y + HEAD + ROW * (n + 0.5)) for n, type in enumerate(types))
    return Box(app, x, y, width, height, tuple(rows))


class _Lanes:
    """The ways between boxes."""

    def __init__(self, columns: Columns, boxes: Mapping[str, Box]) -> None:
        self._columns = [[boxes[app] for app in column] for column in columns]
        self._column_of = {app: n for n, column in enumerate(columns) for app in column}
        # Lines to one app run together, those to another beside them.
        width = APART - 8
        self._shift = {
            app: width * ((n + 0.5) / len(boxes) - 0.5) for n, app in enumerate(sorted(boxes))
        }

    def line(self, row: Row, source: Box, target: Box) -> Line:
        """Return the line from a row of one box to the head of another."""
        begins, ends = self._column_of[source.app], self._column_of[target.app]
        begin = (source.right if ends >= begins else source.x, row.y)
        arrives = 1 if ends > begins else -1
        end = (target.x - TIP if arrives > 0 else target.right + TIP, target.head)
        steps = [_arc(begin, end)] if begins == ends else self._steps(begin, end, begins, target)
        return Line(row.type, target.app, f"M{_at(begin)}{''.join(steps)}", begin, end, arrives)

    def _steps(self, begin: Point, end: Point, begins: int, target: Box) -> Iterator[str]:
        """Yield curves from column to column, and straight ways past the boxes of each between."""
        ends = self._column_of[target.app]
        step = 1 if ends > begins else -1
        here = begin
        for number in range(begins + step, ends, step):
            column = self._columns[number]
            near, far = column[0].x - TIP, column[0].right + TIP
            enter, leave = (near, far) if step > 0 else (far, near)
            wanted = here[1] + (end[1] - here[1]) / (abs(ends - number) + 1)
            y = _nearest_gap(column, wanted) + self._shift[target.app]
            yield f"{_curve(here, (enter, y))}H{leave:.1f}"
            here = (leave, y)
        yield _curve(here, end)


def _nearest_gap(column: Sequence[Box], y: float) -> float:
    """Return the middle of the gap between the boxes, above or below them, that is nearest."""
    gaps = [column[0].y - APART / 2, *(box.y + box.height + APART / 2 for box in column)]
    return min(gaps, key=lambda gap: abs(gap - y))


def _curve(begin: Point, end: Point) -> str:
    """Return a curve that leaves and arrives level."""
    bend = (begin[0] + end[0]) / 2
    return f"C{bend:.1f} {begin[1]:.1f} {bend:.1f} {end[1]:.1f} {_at(end)}"


def _arc(begin: Point, end: Point) -> str:
    """Return a curve to a box of the same column, around what is between."""
    bend = begin[0] + min(ARC, 24 + abs(end[1] - begin[1]) / 8)
    return f"C{bend:.1f} {begin[1]:.1f} {bend:.1f} {end[1]:.1f} {_at(end)}"


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
