"""The layout of a story's picture."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from eventbus.console.render_tree import MARKS, all_nodes, format_duration
from eventbus.console.story import Reaction, Story, StoryEvent
from eventbus.console.story_svg.axis import Axis, Cut, Tick
from eventbus.delivery.models import Delivery
from eventbus.registry import app_label, short_name

WIDTH = 1280.0
#: Pixels for the names of the lanes, above the first lane, of a row, and of a letter.
LEFT, TOP, ROW, LETTER = 112.0, 34.0, 22.0, 6.2
#: Pixels for the label of what is last.
RIGHT = 200.0
#: The least that is seen of a bar.
LEAST = 3.0
#: Of bars, by state; readable on white and on black. The label says the state as well.
COLOURS = {
    Delivery.State.DONE: "#2f8f5b",
    Delivery.State.WAITING: "#7a869a",
    Delivery.State.FAILED: "#d9822b",
    Delivery.State.PARKED: "#d64545",
    Delivery.State.DISCARDED: "#8e6bbf",
    Delivery.State.MUTED: "#5b7fa6",
}


@dataclass(frozen=True)
class Window:
    """The part of a story to draw, in milliseconds since it began."""

    begin: int
    end: int

    def shows(self, begin: int, end: int) -> bool:
        return begin <= self.end and end >= self.begin

    def parts(self) -> list["Window"]:
        """Return its halves and the middle between them, to zoom in."""
        quarter = (self.end - self.begin) // 4
        starts = (self.begin, self.begin + quarter, self.begin + 2 * quarter)
        return [Window(start, start + 2 * quarter) for start in starts] if quarter else []

    def __str__(self) -> str:
        return f"+{format_duration(self.begin)} to +{format_duration(self.end)}"


@dataclass(frozen=True)
class Dot:
    """An event: `id` is its own, `title` all that is known of it in a line."""

    x: float
    y: float
    id: str
    label: str
    title: str
    published: bool

    @property
    def label_x(self) -> float:
        return self.x + 9


@dataclass(frozen=True)
class Bar:
    """A reaction: waited from `x` to `work`, worked from there to `end`."""

    x: float
    y: float
    work: float
    end: float
    id: str
    label: str
    title: str
    state: str

    @property
    def waited(self) -> float:
        return round(self.work - self.x, 1)

    @property
    def worked(self) -> float:
        return round(max(self.end - self.work, LEAST), 1)

    @property
    def label_x(self) -> float:
        return round(self.work + self.worked + 4, 1)

    @property
    def colour(self) -> str:
        return COLOURS[Delivery.State(self.state)]


@dataclass(frozen=True)
class Line:
    """From an event to a reaction to it."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Lane:
    """An app's part of the picture, with as many rows as nothing in it overlaps."""

    app: str
    top: float
    rows: int

    @property
    def height(self) -> float:
        return self.rows * ROW + 8

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass
class Picture:
    """Everything to draw, in pixels; `window` is what it shows of `whole`."""

    window: Window
    whole: Window
    lanes: list[Lane] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    width: float = WIDTH
    left: float = LEFT
    top: float = TOP

    @property
    def height(self) -> float:
        return (self.lanes[-1].top + self.lanes[-1].height if self.lanes else TOP) + 8


@dataclass(frozen=True)
class _Span:
    """An event or reaction with its times, in milliseconds since the story began."""

    node: StoryEvent | Reaction
    event: StoryEvent
    begin: int
    work: int
    end: int

    @property
    def app(self) -> str:
        return self.node.app if isinstance(self.node, Reaction) else app_label(self.event.type)

    @property
    def label(self) -> str:
        if isinstance(self.node, StoryEvent):
            return short_name(self.event.type) + (" ↶" if self.event.compensated_by else "")
        again = f" ×{self.node.attempts}" if self.node.attempts > 1 else ""
        again += " ↻" if self.node.retried_by else ""
        return f"{MARKS[Delivery.State(self.node.state)][0]} {self.node.name or '?'}{again}"


def render_story(story: Story, window: Window | None = None) -> Picture:
    """Return the picture of a story, or of a `window` of it."""
    spans = list(_spans(story.events))
    whole = Window(min((s.begin for s in spans), default=0), max((s.end for s in spans), default=0))
    shown = window or whole
    spans = [span for span in spans if shown.shows(span.begin, span.end)]
    moments = (m for s in spans for m in (s.begin, s.work, s.end) if shown.shows(m, m))
    axis = Axis([*moments, shown.begin, shown.end], LEFT + 8, WIDTH - RIGHT)
    picture = Picture(shown, whole, ticks=list(axis.ticks()), cuts=list(axis.cuts()))
    _fill(picture, spans, axis)
    return picture


def _spans(nodes: Iterable[StoryEvent | Reaction]) -> Iterator[_Span]:
    for node in all_nodes(nodes):
        if isinstance(node, StoryEvent):
            yield _Span(node, node, node.offset_ms, node.offset_ms, node.offset_ms)
            yield from (_reaction(node, reaction) for reaction in node.reactions)


def _reaction(event: StoryEvent, reaction: Reaction) -> _Span:
    begin = event.offset_ms
    if event.due:
        begin += round((event.due - event.occurred_at) / timedelta(milliseconds=1))
    work = begin + reaction.waited_ms
    return _Span(reaction, event, begin, work, work + (reaction.worked_ms or 0))


def _fill(picture: Picture, spans: list[_Span], axis: Axis) -> None:
    """Give every app its lane, and everything its row in it."""
    top = TOP
    dots: dict[int, Dot] = {}
    for app in _apps(spans):
        own = [span for span in spans if span.app == app]
        rows = _rows(own, axis)
        for span, row in zip(own, rows, strict=True):
            y = top + 4 + row * ROW + ROW / 2
            if isinstance(span.node, StoryEvent):
                dots[id(span.node)] = _dot(span, axis.x(span.begin), y)
            else:
                picture.bars.append(_bar(span, span.node, axis, y))
        picture.lanes.append(Lane(app, top, max(rows, default=0) + 1))
        top += picture.lanes[-1].height
    picture.dots = list(dots.values())
    places = {(bar.id): bar for bar in picture.bars}
    for span in spans:
        dot = dots.get(id(span.event))
        if dot and isinstance(span.node, Reaction):
            bar = places[_bar_id(span.event, span.node)]
            picture.lines.append(Line(dot.x, dot.y, bar.x, bar.y))


def _apps(spans: list[_Span]) -> list[str]:
    """Return the apps in the order in which they come into the story."""
    return list(dict.fromkeys(span.app for span in sorted(spans, key=lambda s: s.begin)))


def _rows(spans: list[_Span], axis: Axis) -> list[int]:
    """Return the row of each span, so that none covers another or its label."""
    ends: list[float] = []
    rows = {}
    for span in sorted(spans, key=lambda s: (s.begin, s.end)):
        x = axis.x(span.begin)
        row = next((n for n, end in enumerate(ends) if end <= x), len(ends))
        ends[row : row + 1] = [max(axis.x(span.end), axis.x(span.work)) + _label(span)]
        rows[id(span)] = row
    return [rows[id(span)] for span in spans]


def _label(span: _Span) -> float:
    return len(span.label) * LETTER + 16


def _dot(span: _Span, x: float, y: float) -> Dot:
    event = span.event
    when = f"{event.marked_type}, emitted +{format_duration(event.offset_ms)}"
    if by := event.compensated_by:
        when += f", compensated by {by.type} +{format_duration(by.offset_ms)}"
    return Dot(x, y, str(event.id), span.label, when, event.published)


def _bar(span: _Span, reaction: Reaction, axis: Axis, y: float) -> Bar:
    return Bar(
        axis.x(span.begin),
        y,
        axis.x(span.work),
        axis.x(span.end),
        _bar_id(span.event, reaction),
        span.label,
        _description(span, reaction),
        reaction.state,
    )


def _bar_id(event: StoryEvent, reaction: Reaction) -> str:
    return f"{event.id}-{reaction.app}-{reaction.name}"


def _description(span: _Span, reaction: Reaction) -> str:
    parts = [f"{reaction.app}.{reaction.name or '?'} on {span.event.type}: {reaction.state}"]
    parts.append(f"waited {format_duration(reaction.waited_ms)}")
    if reaction.worked_ms is not None:
        parts.append(f"worked {format_duration(reaction.worked_ms)}")
    parts.append(f"attempt {reaction.attempts}")
    parts += [f"retried by {by}" for by in reaction.retried_by]
    return ", ".join([*parts, *filter(None, [reaction.error])])
