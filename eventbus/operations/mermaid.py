"""The choreography as a Mermaid flowchart: which app reacts to another."""

from collections import Counter
from collections.abc import Iterable

from eventbus.operations.event_catalog import Entry


def mermaid(entries: Iterable[Entry]) -> str:
    """Return the apps as nodes, and an arrow to each that reacts to another's events.

    What an app does about its own events is its own affair. One that reacts to every event
    would only add an arrow from each node: it is named in a note instead.
    """
    entries = list(entries)
    observers = _reacting_to_all(entries)
    links = _links(entries, but=observers)
    lines = ["flowchart LR"]
    lines += [f"    {app}([{app}])" for app in _by_coverage(links)]
    lines += [f"    {emitter} --> {reactor}" for emitter, reactor in sorted(links)]
    lines += [f"    note_{app}>{app} reacts to every event]" for app in observers]
    return "\n".join(lines)


def _reacting_to_all(entries: list[Entry]) -> list[str]:
    facts = [entry for entry in entries if entry.kind == "event"]
    everywhere = [{reaction.app for reaction in fact.reactions} for fact in facts]
    return sorted(set.intersection(*everywhere)) if everywhere else []


def _links(entries: list[Entry], but: list[str]) -> set[tuple[str, str]]:
    """Return pairs of apps: who emits, who reacts."""
    return {
        (entry.app, reaction.app)
        for entry in entries
        for reaction in entry.reactions
        if reaction.app not in (entry.app, *but)
    }


def _by_coverage(links: set[tuple[str, str]]) -> list[str]:
    """Sort the apps so that the one whose events reach most others comes first."""
    apps = {app for pair in links for app in pair}
    coverage = Counter(emitter for emitter, _ in links)
    return sorted(apps, key=lambda app: (-coverage[app], app))
