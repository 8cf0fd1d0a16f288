"""The shortest ways along the streets."""

from collections import defaultdict
from functools import cache
from heapq import heappop, heappush
from itertools import pairwise

from town.plan import Point, bend, length, streets


@cache
def neighbours() -> dict[str, dict[str, int]]:
    """Return the corners beside each corner, with the metres to them."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for one, other in streets():
        found[one][other] = found[other][one] = length(bend(one, other))
    return found


@cache
def route(start: str, end: str) -> tuple[tuple[str, ...], int]:
    """Return the corners of the shortest way, and its metres (Dijkstra)."""
    reached = {start: 0}
    came_from: dict[str, str] = {}
    waiting = [(0, start)]
    while waiting:
        metres, corner = heappop(waiting)
        if corner == end:
            break
        for beside, further in neighbours()[corner].items():
            if metres + further < reached.get(beside, 10**9):
                reached[beside], came_from[beside] = metres + further, corner
                heappush(waiting, (metres + further, beside))
    return tuple(_back(came_from, end)), reached[end]


def metres(start: str, end: str) -> int:
    """Return how far it is along the streets."""
    return route(start, end)[1]


@cache
def line(start: str, end: str) -> tuple[Point, ...]:
    """Return the shortest way as it is drawn."""
    corners = route(start, end)[0]
    bends = [bend(one, other) for one, other in pairwise(corners)]
    return tuple(point for each in bends for point in each) or tuple(bend(start, end)[:1])


def _back(came_from: dict[str, str], end: str) -> list[str]:
    way = [end]
    while way[-1] in came_from:
        way.append(came_from[way[-1]])
    return way[::-1]
