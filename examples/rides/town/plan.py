"""The plan of the town: a grid of streets, bent as old towns are, with a river through it.

A place is a corner of two streets and goes by a letter and a number, as on a chessboard: `e2`.
"""

from itertools import pairwise
from math import hypot, sin

#: The streets from north to south, by the letter of their corners.
ACROSS = {
    "a": "Mill Lane",
    "b": "Abbey Street",
    "c": "Fish Street",
    "d": "Guild Street",
    "e": "King Street",
    "f": "Castle Street",
    "g": "Chapel Lane",
    "h": "Linden Avenue",
    "i": "Harbour Road",
}
#: The streets from west to east, by the number of their corners.
DOWN = {
    "1": "North Wall",
    "2": "Station Road",
    "3": "Upper Quay",
    "4": "Lower Quay",
    "5": "Garden Street",
    "6": "South Ring",
}
#: The zones: three on each bank.
ZONES = {
    "abbey": "Abbey",
    "old-town": "Old Town",
    "linden": "Linden",
    "mills": "Mills",
    "gardens": "Gardens",
    "harbour": "Harbour",
}
#: The streets that cross the river between the quays.
BRIDGES = "beh"
#: Where the lawn of a park has no street.
NO_STREET = {frozenset({"h1", "h2"}), frozenset({"d5", "d6"})}
#: Metres that a unit of the drawing stands for.
METRES = 4
#: The points by which the bend of one piece of a street is drawn.
BEND = 6

Point = tuple[float, float]

CORNERS = tuple(letter + number for letter in ACROSS for number in DOWN)


def grid(corner: str) -> tuple[int, int]:
    """Return a corner's column and row, from 0."""
    return list(ACROSS).index(corner[0]), list(DOWN).index(corner[1])


def point(column: float, row: float) -> Point:
    """Return where a place of the grid is in the drawing, which is 1000 by 660."""
    x = 88 + 103 * column + 15 * sin(1.3 * row + 0.5) + 11 * sin(0.9 * column + 0.8 * row)
    y = 74 + 100 * row + 17 * sin(0.8 * column) + 9 * sin(1.7 * row + 0.5 * column)
    return round(x, 1), round(y, 1)


def place(corner: str) -> Point:
    """Return where a corner is in the drawing."""
    return point(*grid(corner))


def name(corner: str) -> str:
    """Return the two streets of a corner."""
    return f"{ACROSS[corner[0]]} & {DOWN[corner[1]]}"


def zone(corner: str) -> str:
    """Return the zone that a corner is in."""
    column, row = grid(corner)
    return list(ZONES)[column // 3 + 3 * (row // 3)]


def bend(one: str, other: str) -> list[Point]:
    """Return the piece of a street between two corners beside each other, as a line."""
    (u, v), (to_u, to_v) = grid(one), grid(other)
    steps = [step / BEND for step in range(BEND + 1)]
    return [point(u + (to_u - u) * step, v + (to_v - v) * step) for step in steps]


def length(line: list[Point]) -> int:
    """Return the metres of a line."""
    pieces = pairwise(line)
    return round(METRES * sum(hypot(x - a, y - b) for (a, b), (x, y) in pieces))


def has_street(one: str, other: str) -> bool:
    """Return whether a street leads from a corner to the one beside it."""
    crosses = {one[1], other[1]} == {"3", "4"}
    is_dry = not crosses or one[0] in BRIDGES
    return is_dry and frozenset({one, other}) not in NO_STREET


def streets() -> list[tuple[str, str]]:
    """Return every piece of a street, by the corners at its ends."""
    letters, numbers = list(ACROSS), list(DOWN)
    down = [(c + r, c + s) for c in letters for r, s in pairwise(numbers)]
    across = [(c + r, d + r) for r in numbers for c, d in pairwise(letters)]
    return [(one, other) for one, other in down + across if has_street(one, other)]
