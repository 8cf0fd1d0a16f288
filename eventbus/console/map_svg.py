"""The map of the choreography as an arc diagram: a node per app, an arc to each app that reacts.

Narrow enough for a phone: the apps stand below each other, arcs to an app below are on the
right, arcs to one above on the left. The single events are in the list beside it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from eventbus.console.choreography import Arrow, Choreography
from eventbus.registry import app_label, short_name

WIDTH = 360.0
#: Pixels from node to node, above the first, and of half a node's height.
ROW, TOP, HALF_HEIGHT = 44.0, 24.0, 14.0
#: Pixels of a letter in a node, and around its text.
LETTER, PADDING = 7.0, 10.0
#: Pixels that the widest arc keeps from the edge, and between where arcs begin and end.
MARGIN, APART = 8.0, 5.0
QUIET, BUSY, LATE, BAD = COLOURS = ("#8a94a3", "#2f8f5b", "#d9822b", "#d64545")

#: App that emits, app that reacts.
Link = tuple[str, str]


@dataclass(frozen=True)
class Node:
    """An app; its colour is of its reactions to its own events."""

    app: str
    y: float
    colour: str


@dataclass(frozen=True)
class Arc:
    """From an app to one that reacts to its events, which the title names."""

    path: str
    head: str
    colour: str
    title: str


@dataclass
class Map:
    """Everything to draw, in pixels."""

    nodes: list[Node] = field(default_factory=list)
    arcs: list[Arc] = field(default_factory=list)
    node_width: float = 0.0
    height: float = TOP
    width: float = WIDTH
    node_height: float = 2 * HALF_HEIGHT

    @property
    def middle(self) -> float:
        return self.width / 2

    @property
    def node_left(self) -> float:
        return self.middle - self.node_width / 2


def render_map(choreography: Choreography) -> Map:
    """Return the map; apps that react to every event are left out, they would only blacken it."""
    links = _links(choreography)
    apps = _ordered(links)
    places = {app: TOP + row * ROW for row, app in enumerate(apps)}
    longest = max(map(len, apps), default=0)
    found = Map(node_width=longest * LETTER + 2 * PADDING, height=2 * TOP + (len(apps) - 1) * ROW)
    found.nodes = [Node(app, y, _colour(links.get((app, app), ()))) for app, y in places.items()]
    found.arcs = [
        _arc(found, link, arrows, places) for link, arrows in links.items() if link[0] != link[1]
    ]
    return found


def _links(choreography: Choreography) -> dict[Link, list[Arrow]]:
    links: dict[Link, list[Arrow]] = defaultdict(list)
    for arrow in choreography.arrows:
        if arrow.app not in choreography.observers:
            links[app_label(arrow.event_type), arrow.app].append(arrow)
    return dict(links)


def _ordered(links: Iterable[Link]) -> list[str]:
    """Return the apps so that most arcs lead down: who reaches more apps than reach it is above."""
    surplus: dict[str, int] = defaultdict(int)
    for emitter, reactor in links:
        surplus[emitter] += 1
        surplus[reactor] -= 1
    return sorted(surplus, key=lambda app: (-surplus[app], app))


def _arc(found: Map, link: Link, arrows: list[Arrow], places: dict[str, float]) -> Arc:
    begin, end = places[link[0]] + APART, places[link[1]] - APART
    side = 1 if end > begin else -1
    edge = found.middle + side * found.node_width / 2
    # A cubic curve reaches three quarters of the way to its control points.
    curve = 4 / 3 * (found.middle - found.node_width / 2 - MARGIN)
    bend = edge + side * curve * abs(end - begin) / (found.height - 2 * TOP or 1)
    return Arc(
        f"M{edge:g} {begin:g}C{bend:.1f} {begin:g} {bend:.1f} {end:g} {edge + side * 6:g} {end:g}",
        f"M{edge:g} {end:g}l{side * 7} -4v8z",
        _colour(arrows),
        f"{link[0]} to {link[1]}: {', '.join(map(_about, arrows))}",
    )


def _about(arrow: Arrow) -> str:
    return f"{short_name(arrow.event_type)} ({arrow.summary})"


def _colour(arrows: Iterable[Arrow]) -> str:
    """Return the colour of the worst of these arrows."""
    return COLOURS[max(map(_severity, arrows), default=0)]


def _severity(arrow: Arrow) -> int:
    if arrow.failed_or_parked:
        return COLOURS.index(BAD)
    if arrow.oldest:
        return COLOURS.index(LATE)
    return COLOURS.index(BUSY if arrow.per_minute else QUIET)
