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
