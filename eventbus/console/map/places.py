"""Where the map's boxes stand: in which column, and in which order, so that lines are short.

A map of events has cycles, so there is no order in which every line leads to the right. Each
place has a cost instead: lines that are long, that lead back or past other boxes. From a first
guess one box after the other is moved to where the cost is lowest, until no move lowers it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

#: The columns from left to right, each with its boxes from top to bottom.
Columns = tuple[tuple[str, ...], ...]
#: How many lines lead from one box to another.
Links = Mapping[tuple[str, str], int]

#: Pixels between boxes of a column, and at most of columns beside each other.
APART, MAX_COLUMNS = 30.0, 4
#: What is as bad as a line that is so many pixels longer: to lead past a column, back by a column,
#: within a column. What a pixel of the picture's height is worth, and a box a column off its level.
FURTHER, BACK, BESIDE, HIGH, PULL = 100.0, 330.0, 240.0, 8.0, 3000.0
#: Rounds after which what was found is good enough.
MAX_ROUNDS = 12


@dataclass(frozen=True)
class Place:
    """Of a box: its column from 0, its top and its middle."""

    column: int
    top: float
    middle: float


def arrange(heights: Mapping[str, float], links: Links, levels: Mapping[str, float]) -> Columns:
    """Return the columns; the same for the same boxes, whatever their order.

    Of `levels` the lowest belongs on the left, the highest on the right.
    """
    best = _first_guess(heights, levels)
    cost = _cost(best, heights, links, levels)
    for _ in range(MAX_ROUNDS):
        before = cost
        for box in sorted(heights, key=lambda box: (-heights[box], box)):
            for candidate in _moved(best, box):
                candidate_cost = _cost(candidate, heights, links, levels)
                if candidate_cost < cost:
                    best, cost = candidate, candidate_cost
        if cost == before:
            break
    return tuple(column for column in best if column)


def places(columns: Columns, heights: Mapping[str, float]) -> dict[str, Place]:
    """Return each box's place: every column is stacked around the same middle, from 0 on."""
    tallest = max((_height(column, heights) for column in columns), default=0.0)
    found = {}
    for number, column in enumerate(columns):
        top = (tallest - _height(column, heights)) / 2
        for box in column:
            found[box] = Place(number, top, top + heights[box] / 2)
            top += heights[box] + APART
    return found


def _height(column: Sequence[str], heights: Mapping[str, float]) -> float:
    return sum(heights[box] for box in column) + APART * max(len(column) - 1, 0)


def _first_guess(heights: Mapping[str, float], levels: Mapping[str, float]) -> Columns:
    order = sorted(heights, key=lambda box: (levels[box], box))
    size = max(1, ceil(len(order) / MAX_COLUMNS))
    return tuple(tuple(order[n : n + size]) for n in range(0, len(order), size))


def _moved(columns: Columns, box: str) -> list[Columns]:
    """Return the columns with this box at each other place."""
    without = [tuple(each for each in column if each != box) for column in columns]
    return [
        tuple(
            (*column[:at], box, *column[at:]) if number == chosen else column
            for number, column in enumerate(without)
        )
        for chosen, place in enumerate(without)
        for at in range(len(place) + 1)
    ]


def _cost(
    columns: Columns, heights: Mapping[str, float], links: Links, levels: Mapping[str, float]
) -> float:
    at = places(columns, heights)
    height = max((_height(column, heights) for column in columns), default=0.0)
    step = (len(columns) - 1) / (max(levels.values(), default=0.0) or 1.0)
    return (
        height * HIGH
        + PULL * sum(abs(place.column - levels[box] * step) for box, place in at.items())
        + sum(
            lines * _length(at[emitter], at[reactor])
            for (emitter, reactor), lines in links.items()
            if emitter != reactor
        )
    )


def _length(begin: Place, end: Place) -> float:
    """Return how long a line is, with what its direction costs. It ends at its box's top."""
    across = end.column - begin.column
    detour = FURTHER * (across - 1) if across > 0 else BACK * -across if across else BESIDE
    return abs(end.top - begin.middle) + detour
