"""A story drawn as a tree, for a terminal."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.core.management.color import Style

from eventbus.console.hooks import hooks
from eventbus.console.story_nodes import Reaction, Story, StoryEvent, all_nodes, below
from eventbus.delivery.models import Delivery

State = Delivery.State

#: Mark of a reaction in each state, and which of Django's styles colours it.
MARKS = {
    State.DONE: ("✓", "SUCCESS"),
    State.WAITING: ("…", "WARNING"),
    State.FAILED: ("✗", "ERROR"),
    State.PARKED: ("‖", "ERROR"),
    State.DISCARDED: ("–", "NOTICE"),
    State.MUTED: ("∅", "NOTICE"),
}


def render_tree(story: Story, style: Style) -> Iterator[str]:
    """Yield the story line by line, coloured where `style` has colours."""
    name = (
        f"{hooks.lookup.noun} {story.number} ({story.subject})" if story.number else story.subject
    )
    yield f"Story of {name}, begun {_moment(story.began)}"
    yield _summary(story)
    if story.archived:
        yield style.WARNING(f"its beginning is missing: {story.archived}")
    for event in story.events:
        yield ""
        yield from _Tree(story, style).branch(event)


class _Tree:
    """Draws nodes of one story. `head` stands before a node, `tail` before all below it."""

    def __init__(self, story: Story, style: Style) -> None:
        self._subject, self._style = story.subject, style

    def branch(self, node: StoryEvent | Reaction, head: str = "", tail: str = "") -> Iterator[str]:
        yield head + (self._event(node) if isinstance(node, StoryEvent) else self._reaction(node))
        children = below(node)
        for position, child in enumerate(children, start=1):
            corner, line = ("└─ ", "   ") if position == len(children) else ("├─ ", "│  ")
            yield from self.branch(child, tail + corner, tail + line)

    def _event(self, event: StoryEvent) -> str:
        mark = "●" if event.published else "○"
        parts = [f"{mark} {event.marked_type} +{format_duration(event.offset_ms)}"]
        if event.subject != self._subject:
            parts.append(f"about {event.subject}")
        if event.due:
            parts.append(f"due {_moment(event.due)}")
        if event.compensated_by:
            parts.append(self._style.NOTICE(f"compensated by {event.compensated_by.type}"))
        if not event.published:
            parts.append(self._style.WARNING("not yet published"))
        return ", ".join(parts)

    def _reaction(self, reaction: Reaction) -> str:
        mark, colour = MARKS[State(reaction.state)]
        parts = [f"waited {format_duration(reaction.waited_ms)}"]
        if reaction.worked_ms is not None:
            parts.append(f"worked {format_duration(reaction.worked_ms)}")
        if reaction.is_slow:
            usual = f"usual {format_duration(reaction.usual_ms or 0)}"
            parts.append(self._style.WARNING(usual))
        if reaction.attempts > 1:
            parts.append(f"attempt {reaction.attempts}")
        if reaction.retried_by:
            parts.append(self._style.NOTICE(f"retried by {', '.join(reaction.retried_by)}"))
        if reaction.state != State.DONE:
            parts.insert(0, getattr(self._style, colour)(reaction.state))
        if reaction.state == State.FAILED and reaction.resend_at:
            parts.append(f"again {_moment(reaction.resend_at)}")
        if reaction.error:
            parts.append(reaction.error)
        name = f"{reaction.app}.{reaction.name or '?'}"
        return f"{getattr(self._style, colour)(mark)} {name}: {', '.join(parts)}"


def _summary(story: Story) -> str:
    nodes = list(all_nodes(story.events))
    states = Counter(node.state for node in nodes if isinstance(node, Reaction))
    by_state = ", ".join(f"{states[state]} {state}" for state in State if states[state])
    return f"events: {len(nodes) - states.total()}; reactions: {by_state or 'none yet'}"


def format_duration(ms: int) -> str:
    """Format milliseconds in the largest fitting unit: `12 ms`, `3.2 s`, `2.0 d`."""
    for size, unit in ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s")):
        if ms >= size:
            return f"{ms / size:.1f} {unit}"
    return f"{ms} ms"


def _moment(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"
