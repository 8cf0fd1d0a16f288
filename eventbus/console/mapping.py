"""The map of the choreography: who states what on the left, who reacts on the right."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from eventbus.console.choreography import Arrow, Choreography
from eventbus.registry import short_name

WIDTH = 1280.0
#: Pixels of a row and between two apps, and where the columns begin.
ROW, GAP, TOP = 18.0, 14.0, 30.0
APP, EVENT, EVENT_END, REACTION = 8.0, 110.0, 400.0, 640.0
QUIET, BUSY, LATE, BAD = "#8a94a3", "#2f8f5b", "#d9822b", "#d64545"


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Curve:
    """An arrow, with all that is known of it as its title."""

    path: str
    colour: str
    title: str


@dataclass
class Map:
    """Everything to draw, in pixels."""

    apps: list[Label] = field(default_factory=list)
    events: list[Label] = field(default_factory=list)
    reactions: list[Label] = field(default_factory=list)
    facts: list[Label] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    height: float = TOP
    width: float = WIDTH


def drawn(choreography: Choreography) -> Map:
    """The map; who reacts to every event is left out, it would only blacken it."""
    found = Map()
    places = dict(_place_events(found, choreography))
    _place_reactions(found, choreography, places)
    found.height += GAP
    return found


def _place_events(found: Map, choreography: Choreography) -> Iterator[tuple[str, float]]:
    y = TOP
    for app, types in choreography.events.items():
        found.apps.append(Label(APP, y, app))
        for type in types:
            rate = choreography.stated.get(type)
            told = f", {rate:.3g}/min" if rate else ""
            found.events.append(Label(EVENT, y, short_name(type) + told))
            yield type, y
            y += ROW
        y += GAP
    found.height = max(found.height, y)


def _place_reactions(found: Map, choreography: Choreography, places: dict[str, float]) -> None:
    arrows = [a for a in choreography.arrows if a.app not in choreography.observers]
    arrows.sort(key=lambda arrow: (arrow.app, arrow.reaction, arrow.event_type))
    y = TOP
    for app, own in groupby(arrows, key=lambda arrow: arrow.app):
        found.apps.append(Label(REACTION, y, app))
        y += ROW
        for name, each in groupby(own, key=lambda arrow: arrow.reaction):
            found.reactions.append(Label(REACTION, y, name))
            for arrow in each:
                found.curves.append(_curve(arrow, places[arrow.event_type], y))
                found.facts.append(Label(REACTION + 230, y, _fact(arrow)))
                y += ROW
        y += GAP
    found.height = max(found.height, y)


def _fact(arrow: Arrow) -> str:
    return f"{short_name(arrow.event_type)}: {arrow.told}"


def _curve(arrow: Arrow, begin: float, end: float) -> Curve:
    x, last = EVENT_END, REACTION - 8
    middle = (x + last) / 2
    path = f"M{x} {begin}C{middle} {begin} {middle} {end} {last} {end}"
    title = f"{arrow.event_type} to {arrow.app}.{arrow.reaction}: {arrow.told}"
    if arrow.emits:
        title += f"; may emit {', '.join(arrow.emits)}"
    return Curve(path, _colour(arrow), title)


def _colour(arrow: Arrow) -> str:
    if arrow.troubled:
        return BAD
    if arrow.oldest:
        return LATE
    return BUSY if arrow.per_minute else QUIET
