"""The layout of a story's picture."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from eventbus.console.render_tree import MARKS, format_duration
from eventbus.console.story_nodes import Reaction, Story, StoryEvent, all_nodes
from eventbus.console.story_svg.axis import Axis, LinearAxis
from eventbus.console.story_svg.shapes import (
    EDGES,
    LETTER,
    ROW,
    TOP,
    Bar,
    Dot,
    Lane,
    Line,
    Picture,
    Window,
)
from eventbus.delivery.models import Delivery
from eventbus.registry import app_label, short_name


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
        again += " slow" if self.node.is_slow else ""
        return f"{MARKS[Delivery.State(self.node.state)][0]} {self.node.name or '?'}{again}"


def render_story(story: Story, window: Window | None = None, *, is_linear: bool = False) -> Picture:
    """Return the picture of a story, or of a `window` of it.

    Where the axis is not linear, time in which nothing begins or ends is cut out.
    """
    spans = list(_spans(story.events))
    whole = Window(min((s.begin for s in spans), default=0), max((s.end for s in spans), default=0))
    shown = window or whole
    spans = [span for span in spans if shown.shows(span.begin, span.end)]
    moments = (m for s in spans for m in (s.begin, s.work, s.end) if shown.shows(m, m))
    cut = Axis([*moments, shown.begin, shown.end], *EDGES)
    axis = LinearAxis(shown.begin, shown.end, *EDGES) if is_linear else cut
    parts = _busy(cut) if is_linear else []
    picture = Picture(
        shown, whole, ticks=[*axis.ticks()], cuts=[*axis.cuts()], parts=parts or shown.parts()
    )
    _fill(picture, spans, axis)
    return picture


def _busy(axis: Axis) -> list[Window]:
    """Return the parts in which something happened, where there are several."""
    runs = list(axis.runs())
    return [Window(*run) for run in runs if run[0] < run[1]] if len(runs) > 1 else []


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
    if reaction.usual_ms is not None:
        parts.append(f"usual {format_duration(reaction.usual_ms)}")
    parts.append(f"attempt {reaction.attempts}")
    parts += [f"retried by {by}" for by in reaction.retried_by]
    return ", ".join([*parts, *filter(None, [reaction.error])])
