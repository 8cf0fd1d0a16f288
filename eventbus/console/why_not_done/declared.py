"""What can still lead a story on, by what the code declares."""

from collections.abc import Iterator
from dataclasses import dataclass

from eventbus import registry
from eventbus.console.hooks import hooks
from eventbus.console.story_nodes import Reaction, Story, StoryEvent, all_nodes
from eventbus.registry import Service, app_label


@dataclass(frozen=True)
class Decision:
    """A fact that a person answers, the services by which they do, and who does what."""

    event: StoryEvent
    services: tuple[Service, ...]
    who: str


def leads_on(type: str) -> bool:
    """Return whether anything can come of an event by itself, but for a deadline."""
    return any(_facts(reaction) for reaction in registry.reactions_to(type))


def is_leading(app: str, name: str, type: str) -> bool:
    """Return whether a reaction to an event may emit anything, but for a deadline."""
    reactions = registry.reactions_to(type, app)
    return any(_facts(reaction) for reaction in reactions if reaction.name == name)


def outcomes(type: str) -> dict[str, list[str]]:
    """Return what each reaction to an event may emit, but for a deadline."""
    reactions = registry.reactions_to(type)
    return {f"{each.app}.{each.name}": facts for each in reactions if (facts := _facts(each))}


def decisions(story: Story) -> list[Decision]:
    """Return what a person is to decide.

    Such a fact is the last one of its app about the subject, and the lookup says who answers it.
    Or nothing comes of it by itself, and a service of the app emits what takes it back, or just
    what could have been emitted in its place.
    """
    registry.load_services()
    answers = hooks.lookup.answers
    found = [
        Decision(event, _deciding(event, by), answers.get(event.type, ""))
        for event, by in _last_facts(story)
    ]
    return [decision for decision in found if decision.services or decision.who]


def _facts(reaction: registry.Reaction) -> list[str]:
    return [type for type in reaction.emitted_types if registry.kind_of(type) != "deadline"]


def _last_facts(story: Story) -> Iterator[tuple[StoryEvent, Reaction | None]]:
    """Yield the last fact of each app about the subject, and the reaction that emitted it."""
    last = {
        app_label(event.type): (event, by)
        for event, by in sorted(_emitted(story), key=lambda pair: pair[0].occurred_at)
        if event.subject == story.subject and event.kind == "event" and event.published
    }
    yield from last.values()


def _emitted(story: Story) -> Iterator[tuple[StoryEvent, Reaction | None]]:
    nodes = list(all_nodes(story.events))
    by = {event.id: node for node in nodes if isinstance(node, Reaction) for event in node.emitted}
    for node in nodes:
        if isinstance(node, StoryEvent):
            yield node, by.get(node.id)


def _deciding(event: StoryEvent, by: Reaction | None) -> tuple[Service, ...]:
    if event.type not in registry.event_types() or leads_on(event.type):
        return ()
    wanted = _alternatives(event, by) | {registry.event_class(event.type).compensated_by}
    own = (each for each in registry.services() if each.app == app_label(event.type))
    return tuple(each for each in own if {emitted.type for emitted in each.emits} <= wanted)


def _alternatives(event: StoryEvent, by: Reaction | None) -> set[str]:
    """Return what the reaction that emitted the event could have emitted in its place."""
    if by is None:
        return set()
    own = (
        each for _, each in registry.all_reactions() if (each.app, each.name) == (by.app, by.name)
    )
    return {type for each in own for type in each.emitted_types} - {event.type}
