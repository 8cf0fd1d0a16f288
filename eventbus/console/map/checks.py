"""Checks of the choreography: cycles, events nobody emits, and missing compensations."""

from collections import defaultdict
from collections.abc import Iterable

from eventbus import registry

Graph = dict[str, set[str]]


def effects() -> Graph:
    """Return which event types may be emitted because of which, as declared by reactions."""
    graph: Graph = defaultdict(set)
    for type, reaction in registry.all_reactions():
        graph[type] |= set(reaction.emitted_types)
    return dict(graph)


def observers() -> list[str]:
    """Return the apps that react to every fact, sorted."""
    facts = [type for type in registry.event_types() if registry.kind_of(type) == "event"]
    apps = [{reaction.app for reaction in registry.reactions_to(type)} for type in facts]
    return sorted(set.intersection(*apps)) if apps else []


def outlets() -> set[str]:
    """Return the apps that things end in: bridges, and whose events nobody else reacts to."""
    reactors: dict[str, set[str]] = {app: set() for app in registry.apps_with_reactions()}
    found = set(observers())
    for type, reaction in registry.all_reactions():
        reactors.setdefault(registry.app_label(type), set()).add(reaction.app)
        if reaction.function.__module__.startswith(registry.BRIDGES):
            found.add(reaction.app)
    while more := {app for app, by in reactors.items() if app not in found and by <= found | {app}}:
        found |= more
    return found


def never_emitted() -> list[str]:
    """Return the types of events that no reaction and no service declares."""
    registry.load_services()
    classes = map(registry.event_class, registry.event_types())
    return [each.type for each in classes if not registry.emitters_of(each)]


def cycles(graph: Graph) -> list[list[str]]:
    """Return the types that lead back to themselves, each group once, sorted."""
    reachable = {type: _reachable(graph, type) for type in graph}
    groups = {
        tuple(sorted(other for other in reachable[type] if type in reachable.get(other, ())))
        for type in graph
        if type in reachable[type]
    }
    return [list(group) for group in sorted(groups)]


def never_compensated(observers: Iterable[str]) -> list[tuple[str, str, str]]:
    """Find apps that react to an event, not to what compensates it: (event, app, compensation).

    Who undoes it knows of it without hearing.
    """
    found = []
    for type in registry.event_types():
        compensated_by = registry.event_class(type, 1).compensated_by
        apps = {reaction.app for reaction in registry.reactions_to(type)}
        hearing = {reaction.app for reaction in registry.reactions_to(compensated_by)}
        if compensated_by:
            missing = apps.difference(hearing, observers, {registry.app_label(compensated_by)})
            found += [(type, app, compensated_by) for app in sorted(missing)]
    return found


def _reachable(graph: Graph, start: str) -> set[str]:
    seen: set[str] = set()
    ahead = [*graph.get(start, ())]
    while ahead:
        type = ahead.pop()
        if type not in seen:
            seen.add(type)
            ahead += graph.get(type, ())
    return seen
