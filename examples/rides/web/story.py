"""The story of a ride: its events in the order in which they occurred, and who reacted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from eventbus.console.story import UnknownStory, story
from eventbus.console.story_nodes import Reaction, StoryEvent
from eventbus.registry import event_class


@dataclass(frozen=True)
class Step:
    """An event, in plain words."""

    seconds: float
    type: str
    words: str
    #: `event` or `deadline`
    kind: str
    reactions: list[Reaction]


def steps(ride_id: UUID) -> list[Step]:
    """Return what happened to a ride so far; nothing where the bus knows of none."""
    try:
        events = _flat(story(str(ride_id)).events)
    except UnknownStory:
        return []
    own = [each for each in events if each.subject == str(ride_id)]
    return [_step(each) for each in sorted(own, key=lambda event: event.offset_ms)]


def _step(event: StoryEvent) -> Step:
    known = event_class(event.type)
    words = (known.__doc__ or "").partition("\n")[0]
    name = event.type.partition(".")[2]
    return Step(event.offset_ms / 1000, name, words, event.kind, event.reactions)


def _flat(events: Iterable[StoryEvent]) -> Iterator[StoryEvent]:
    """Yield the events of a tree, causes before what they caused."""
    for event in events:
        yield event
        yield from _flat(event.emitted)
        for reaction in event.reactions:
            yield from _flat(reaction.emitted)
