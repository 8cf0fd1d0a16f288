"""What can come of an event, as the reactions declare it: which ends, along which ways."""

from collections.abc import Mapping
from dataclasses import dataclass

from eventbus import registry
from eventbus.console.map.checks import effects, outlets
from eventbus.registry import app_label


@dataclass(frozen=True)
class Step:
    """An event on the way to an end, and the reactions to it that may emit the next one."""

    type: str
    reactions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Followed:
    """Everything that can come of an event: the types, itself first, and the ways to the ends."""

    type: str
    types: tuple[str, ...]
    #: the shortest way to each event of which nothing further comes
    ways: tuple[tuple[Step, ...], ...]


def follow(type: str) -> Followed:
    """Return what can come of an event of this type, the nearest first.

    What an outlet makes of an event, such as an app that sends mails, is no further event.
    """
    left_out = outlets() - {app_label(type)}
    graph = {
        cause: {effect for effect in effects if app_label(effect) not in left_out}
        for cause, effects in effects().items()
    }
    causes = _causes(type, graph)
    ends = [each for each in causes if not graph.get(each)]
    return Followed(type, tuple(causes), tuple(_way(end, causes) for end in ends))


def _causes(start: str, graph: Mapping[str, set[str]]) -> dict[str, str]:
    """Map each type that can come of `start` to the one before it on the shortest way."""
    causes = {start: ""}
    ahead = [start]
    for type in ahead:
        for effect in sorted(graph.get(type, ())):
            if effect not in causes:
                causes[effect] = type
                ahead.append(effect)
    return causes


def _way(end: str, causes: Mapping[str, str]) -> tuple[Step, ...]:
    steps = [Step(end)]
    while cause := causes[steps[0].type]:
        steps.insert(0, Step(cause, _between(cause, steps[0].type)))
    return tuple(steps)


def _between(type: str, effect: str) -> tuple[str, ...]:
    found = registry.reactions_to(type)
    return tuple(f"{each.app}.{each.name}" for each in found if effect in each.emitted_types)


def levels() -> dict[str, float]:
    """Return how far each app is from where things begin.

    Of its facts: the share that a reaction causes, plus the fewest reactions before any of them.
    An app without any is behind all others.
    """
    steps = _steps(effects())
    facts = [type for type in registry.event_types() if registry.kind_of(type) == "event"]
    found: dict[str, float] = {}
    for app in {app_label(type) for type in facts}:
        own = [steps[type] for type in facts if app_label(type) == app]
        found[app] = min(own) + sum(step > 0 for step in own) / len(own)
    last = max(found.values(), default=0.0) + 1
    return {**dict.fromkeys(registry.apps_with_reactions(), last), **found}


def _steps(graph: Mapping[str, set[str]]) -> dict[str, int]:
    """Return how many reactions come before each event; those in a circle alone begin it."""
    caused = {effect for effects in graph.values() for effect in effects}
    types = registry.event_types()
    steps = {type: 0 for type in types if type not in caused}
    ahead = list(steps)
    for type in ahead:
        for effect in sorted(graph.get(type, ())):
            if effect not in steps:
                steps[effect] = steps[type] + 1
                ahead.append(effect)
    return {type: steps.get(type, 0) for type in types}
