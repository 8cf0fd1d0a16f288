"""The parts of a story: its events and the reactions to them, as a tree."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from eventbus import registry
from eventbus.console.hooks import hooks


@dataclass
class Reaction:
    """One reaction to an event.

    `waited_ms`: from when the event was due until the last run of the reaction began, or
    until now while it is open. `worked_ms`: how long that run took. `since`: when it began to
    wait, or ended. `is_held`: an outside call of it is under way. `error`: in one line.
    `retried_by`: the operators who had it begun anew, which counts its attempts anew.
    `emitted`: what it caused. `delivery`: the id under which it is retried or discarded.
    `usual_ms`: what it usually takes to wait and work, where that is known; `is_slow`: this one
    took longer than nearly all do.
    """

    delivery: int
    app: str
    name: str
    state: str
    attempts: int
    waited_ms: int
    worked_ms: int | None
    resend_at: datetime | None
    since: datetime
    is_held: bool
    error: str
    retried_by: list[str] = field(default_factory=list)
    emitted: list["StoryEvent"] = field(default_factory=list)
    usual_ms: int | None = None
    is_slow: bool = False

    @property
    def took_ms(self) -> int:
        """What it took from when its event was due, or has taken up to now."""
        return self.waited_ms + (self.worked_ms or 0)


@dataclass
class StoryEvent:
    """An event of the story.

    `offset_ms`: from the beginning of the story. `due`: when a scheduled event is published.
    `compensated_by`: the event that took it back, if one did.
    `emitted`: what it caused, where it is not known by which reaction.
    """

    id: UUID
    type: str
    subject: str
    occurred_at: datetime
    offset_ms: int
    due: datetime | None
    published: bool
    reactions: list[Reaction]
    compensated_by: "StoryEvent | None" = None
    emitted: list["StoryEvent"] = field(default_factory=list)
    #: `event`, `deadline` or `task`
    kind: str = "event"

    @property
    def marked_type(self) -> str:
        """Its type, with its kind where it is no fact."""
        return registry.label(self.type)


@dataclass
class Story:
    """The events about one subject, most often an order, and all that followed.

    `number` is the order's, if it is one. `events` are those that nothing here caused.
    `archived`: where the rest is, if its beginning is no longer in the database.
    """

    subject: str
    number: str | None
    began: datetime
    events: list[StoryEvent]
    archived: str = ""

    @property
    def all_events(self) -> list[StoryEvent]:
        """All its events, in the order in which they are drawn."""
        return [node for node in all_nodes(self.events) if isinstance(node, StoryEvent)]

    @property
    def ends(self) -> Sequence[str]:
        """The types of the events that end such a story, the usual first; empty: not known."""
        return hooks.lookup.ends if self.number else ()

    @property
    def ended_by(self) -> StoryEvent | None:
        """The event that ended it, where it is known which events do, and one has come."""
        own = (event for event in self.all_events if event.subject == self.subject)
        return next((event for event in own if event.type in self.ends), None)


def below(node: StoryEvent | Reaction) -> list[StoryEvent | Reaction]:
    """Return what stands below a node in the tree."""
    return [*(node.reactions if isinstance(node, StoryEvent) else ()), *node.emitted]


def all_nodes(nodes: Iterable[StoryEvent | Reaction]) -> Iterator[StoryEvent | Reaction]:
    """Yield these nodes and everything below them, in the order in which they are drawn."""
    for node in nodes:
        yield node
        yield from all_nodes(below(node))
