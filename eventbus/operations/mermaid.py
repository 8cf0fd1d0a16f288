"""The choreography as a Mermaid flowchart: who hears what from whom."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from eventbus.operations.event_catalog import Entry


def mermaid(entries: Iterable[Entry]) -> str:
    """The apps as nodes, and an edge from one to another for all it hears from it.

    An app that reacts to every event would only add an edge to each node: it
    is named in a note instead.
    """
    entries = list(entries)
    observers = _reacting_to_all(entries)
    heard = _heard(entries, but=observers)
    lines = ["flowchart LR"]
    lines += [f"    {app}([{app}])" for app in _most_heard_first(heard)]
    lines += [
        f'    {speaker} -- "{"<br>".join(names)}" --> {listener}'
        for (speaker, listener), names in sorted(heard.items())
    ]
    lines += [f"    note_{app}>{app} reacts to every event]" for app in observers]
    return "\n".join(lines)


def _reacting_to_all(entries: list[Entry]) -> list[str]:
    everywhere = [{reaction.app for reaction in entry.reactions} for entry in entries]
    return sorted(set.intersection(*everywhere)) if everywhere else []


def _heard(entries: list[Entry], but: list[str]) -> dict[tuple[str, str], list[str]]:
    """Event names by (app that states them, app that reacts)."""
    heard = defaultdict(list)
    for entry in entries:
        for listener in {reaction.app for reaction in entry.reactions}.difference(but):
            heard[entry.app, listener].append(entry.name)
    return heard


def _most_heard_first(heard: dict[tuple[str, str], list[str]]) -> list[str]:
    """The apps, so that the drawing begins with the one whose facts reach most others."""
    apps = {app for pair in heard for app in pair}
    reach = Counter(speaker for speaker, _ in heard)
    return sorted(apps, key=lambda app: (-reach[app], app))
