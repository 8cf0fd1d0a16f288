"""The map as a drawing: the layout, and what goes on now on each of its lines.

What a line tells is told twice, by colour and by how it is drawn: it is thin while nothing comes,
the thicker the more comes, dashed where something waits, dotted where something failed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log10

from eventbus import registry
from eventbus.console.map.choreography import (
    FAILED,
    FLOWING,
    QUIET,
    STATES,
    WAITS,
    Arrow,
    Choreography,
    rate,
    worst,
)
from eventbus.console.map.follow import levels
from eventbus.console.map.layout import HEAD, ROW, Box, Layout, Line, Row, lay_out
from eventbus.registry import app_label

#: How each state is drawn: its colour on paper, its dashes, its sign.
COLOURS = {QUIET: "#8a94a3", FLOWING: "#1f7a4d", WAITS: "#b3640a", FAILED: "#c02f2f"}
DASHES = {WAITS: "7 4", FAILED: "2 3"}
SIGNS = {WAITS: "…", FAILED: "!"}
#: Pixels that texts keep from a box's edge, and of its round corners.
INSIDE, ROUND = 9.0, 7.0

#: By an event's type and the app that reacts to it.
Arrows = Mapping[tuple[str, str], Sequence[Arrow]]


@dataclass(frozen=True)
class DrawnRow:
    """An event: its name, how often it comes, and the worst of its reactions' states."""

    at: Row
    name: str
    kind: str
    rate: str
    state: str
    #: whether its own app reacts to it
    is_own: bool
    height: float = ROW

    @property
    def top(self) -> float:
        return self.at.y - ROW / 2

    @property
    def sign(self) -> str:
        """Return what stands for the state; nothing where all is well."""
        return SIGNS.get(self.state, "")

    @property
    def colour(self) -> str:
        return COLOURS[self.state]


@dataclass(frozen=True)
class DrawnBox:
    """An app with its events, and a word about it where it is paused or has no worker."""

    at: Box
    rows: tuple[DrawnRow, ...]
    note: str

    @property
    def head(self) -> str:
        """Return the path of its head, as wide as the box and round above."""
        x, y, width, r = self.at.x, self.at.y, self.at.width, ROUND
        above = f"M{x} {y + r}a{r} {r} 0 0 1 {r} {-r}h{width - 2 * r}a{r} {r} 0 0 1 {r} {r}"
        if self.rows:
            return f"{above}v{HEAD - r}h{-width}z"
        below = f"a{r} {r} 0 0 1 {-r} {r}h{2 * r - width}a{r} {r} 0 0 1 {-r} {-r}z"
        return f"{above}v{HEAD - 2 * r}{below}"

    @property
    def text_x(self) -> float:
        """Return where names begin."""
        return self.at.x + INSIDE

    @property
    def rate_x(self) -> float:
        """Return where rates end."""
        return self.at.right - INSIDE


@dataclass(frozen=True)
class DrawnLine:
    """From an event to an app that reacts, and what goes on there."""

    at: Line
    state: str
    width: float
    title: str

    @property
    def colour(self) -> str:
        return COLOURS[self.state]

    @property
    def dashes(self) -> str:
        return DASHES.get(self.state, "")

    @property
    def source(self) -> str:
        """The app whose event it is."""
        return app_label(self.at.type)

    @property
    def tip(self) -> str:
        """Return the path of its arrow's head."""
        x, y = self.at.end
        return f"M{x:.1f} {y - 4:.1f}l{7 * self.at.direction} 4l{-7 * self.at.direction} 4z"


@dataclass(frozen=True)
class Drawing:
    """Everything to draw; lines in trouble last, so that they are above the others."""

    width: float
    height: float
    boxes: tuple[DrawnBox, ...]
    lines: tuple[DrawnLine, ...]


def draw(
    choreography: Choreography,
    *,
    kinds: Collection[str] = ("event",),
    notes: Mapping[str, str] | None = None,
) -> Drawing:
    """Return the drawing of the events of these kinds. `notes` are words about apps."""
    arrows: dict[tuple[str, str], list[Arrow]] = defaultdict(list)
    for arrow in choreography.arrows:
        if registry.kind_of(arrow.event_type) in kinds:
            arrows[arrow.event_type, arrow.app].append(arrow)
    layout = _layout(
        tuple(
            (app, tuple(type for type in types if registry.kind_of(type) in kinds))
            for app, types in choreography.events.items()
        ),
        tuple(arrows),
    )
    lines = [_line(line, arrows[line.type, line.app]) for line in layout.lines]
    boxes = [_box(box, arrows, choreography, notes or {}) for box in layout.boxes]
    lines.sort(key=lambda line: STATES.index(line.state))
    return Drawing(layout.width, layout.height, tuple(boxes), tuple(lines))


@lru_cache(maxsize=256)
def _layout(
    events: tuple[tuple[str, tuple[str, ...]], ...], pairs: tuple[tuple[str, str], ...]
) -> Layout:
    """Return the layout, which changes with the code alone."""
    reactors: dict[str, list[str]] = defaultdict(list)
    for type, app in pairs:
        reactors[type].append(app)
    return lay_out(dict(events), reactors, levels())


def _line(line: Line, arrows: Sequence[Arrow]) -> DrawnLine:
    about = "; ".join(f"{arrow.reaction}: {arrow.summary}" for arrow in arrows)
    title = f"{registry.label(line.type)} to {line.app}. {about}"
    per_minute = sum(arrow.per_minute for arrow in arrows)
    return DrawnLine(line, worst(arrows), _width(per_minute), title)


def _box(
    box: Box, arrows: Arrows, choreography: Choreography, notes: Mapping[str, str]
) -> DrawnBox:
    rates = choreography.emitted_per_minute
    rows = (_row(row, arrows, rate(rates.get(row.type, 0.0))) for row in box.rows)
    return DrawnBox(box, tuple(rows), notes.get(box.app, ""))


def _row(row: Row, arrows: Arrows, rate: str) -> DrawnRow:
    app, _, name = row.type.partition(".")
    all_arrows = [
        arrow for (type, _), found in arrows.items() if type == row.type for arrow in found
    ]
    kind, is_own = registry.kind_of(row.type), (row.type, app) in arrows
    return DrawnRow(row, name, kind, rate, worst(all_arrows), is_own)


def _width(per_minute: float) -> float:
    """Return pixels: each step is ten times as many."""
    return round(1.1 + 0.9 * log10(1 + per_minute), 1)
