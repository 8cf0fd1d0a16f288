"""The town as SVG: the paths that its map is drawn with."""

from collections.abc import Iterator
from functools import cache
from math import sin
from random import Random

from town.plan import ACROSS, BRIDGES, DOWN, ZONES, Point, bend, point, streets

#: Streets that are wider than others: by letter or number.
AVENUES = set("eh2")
#: The blocks without houses, by column and row: the park, the gardens, the market.
LAWNS = {(6, 0), (7, 0), (3, 4), (2, 4)}
MARKET = (4, 1)
#: How far the drawing goes beyond the last corners, in columns and rows.
OUTSKIRTS = 1.3
#: The row between whose quays the river is.
RIVER = 2
#: Where a street's name is written: along which piece of it.
NAMED_AT = {"a": "4", "c": "1", "e": "4", "g": "4", "i": "1"} | {
    "2": "a",
    "3": "c",
    "5": "e",
    "6": "g",
}


def svg_path(points: list[Point], closed: bool = False) -> str:
    """Return a line, or an area, as SVG writes it."""
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points) + ("Z" if closed else "")


def avenues() -> str:
    """Return the wide streets as one path."""
    return " ".join(svg_path(bend(*ends)) for ends in streets() if _is_wide(*ends))


def lanes() -> str:
    """Return the other streets as one path, with the roads that leave the town."""
    inner = [bend(*ends) for ends in streets() if not _is_wide(*ends)]
    return " ".join(svg_path(each) for each in [*inner, *_roads_out()])


def bridges() -> str:
    """Return the bridges as one path."""
    return " ".join(svg_path(bend(f"{letter}3", f"{letter}4")) for letter in BRIDGES)


def river() -> str:
    """Return the river, which gets wider towards the harbour, as an area."""
    columns = [step / 4 for step in range(-6, 40)]
    north = [point(u, _middle(u) - _half(u)) for u in columns]
    south = [point(u, _middle(u) + _half(u)) for u in columns]
    return svg_path([*north, *south[::-1]], closed=True)


def houses() -> str:
    """Return the houses of every block, as one path of areas."""
    chance = Random(7)
    blocks = [
        (column, row)
        for row in range(-1, len(DOWN))
        for column in range(-1, len(ACROSS))
        if row != RIVER and (column, row) not in LAWNS | {MARKET}
    ]
    return " ".join(svg_path(lot, closed=True) for at in blocks for lot in _lots(*at, chance))


def lawns() -> list[str]:
    """Return the parks as areas."""
    return [_area(3.0 - 0.9, 4.1, 3.9, 4.9), _area(6.1, 0.1, 7.9, 0.9)]


def market() -> str:
    """Return the market place as an area."""
    column, row = MARKET
    return _area(column + 0.12, row + 0.14, column + 0.88, row + 0.86)


def trees() -> list[Point]:
    """Return where trees stand in the parks."""
    chance = Random(3)
    inside = [(2.2, 4.2, 1.6, 0.6), (6.2, 0.2, 1.6, 0.6)]
    return [
        point(u + chance.random() * wide, v + chance.random() * high)
        for u, v, wide, high in inside
        for _ in range(26)
    ]


def railway() -> str:
    """Return the line of the railway, north of the wall."""
    return svg_path([point(u / 4, -0.42 + 0.05 * sin(u / 6)) for u in range(-6, 40)])


def station() -> str:
    """Return the station, beside the railway, as an area."""
    return _area(3.2, -0.36, 3.95, -0.22)


def stream() -> str:
    """Return the middle of the river, along which its name is written."""
    return svg_path([point(u / 4, _middle(u / 4)) for u in range(33)])


def zone_areas() -> dict[str, tuple[str, Point]]:
    """Return each zone's area, and where its label is."""
    edges, banks = (-OUTSKIRTS, 2.5, 5.5, 9.5), ((-OUTSKIRTS, 2.5), (2.5, 6.4))
    found = {}
    for number, key in enumerate(ZONES):
        column, (top, bottom) = number % 3, banks[number // 3]
        label = point(1.5 + 3 * column, 0.5 if number < 3 else 4.5)
        found[key] = (_area(edges[column], top, edges[column + 1], bottom), label)
    return found


def names() -> list[tuple[str, str, str]]:
    """Return some streets' names, each with an id and the line that it is written along."""
    return [
        (f"street-{each}", ACROSS.get(each) or DOWN[each], svg_path(_named_piece(each, at)))
        for each, at in NAMED_AT.items()
    ]


@cache
def drawing() -> dict[str, object]:
    """Return everything that the map's template draws."""
    land = (houses, lawns, market, trees, river, stream, railway, station)
    parts = (*land, avenues, lanes, bridges, names)
    return {part.__name__: part() for part in parts} | {"zones": zone_areas()}


def _is_wide(one: str, other: str) -> bool:
    return bool({*one} & {*other} & AVENUES)


def _named_piece(street: str, at: str) -> list[Point]:
    if street in ACROSS:
        return bend(street + at, street + str(int(at) + 1))
    return bend(at + street, chr(ord(at) + 1) + street)


def _roads_out() -> Iterator[list[Point]]:
    for row in (1, 4):
        yield [point(-OUTSKIRTS, row), point(0, row)]
    for row in (0, 5):
        yield [point(8, row), point(8 + OUTSKIRTS, row)]
    for column in (1, 4):
        yield [point(column, 5), point(column, 5 + OUTSKIRTS)]
    yield [point(7, 0), point(7, -OUTSKIRTS)]


def _middle(column: float) -> float:
    return RIVER + 0.5 + 0.07 * sin(1.1 * column)


def _half(column: float) -> float:
    return 0.2 + 0.012 * max(column, 0) + (0.3 * (column - 8) if column > 8 else 0)


def _area(left: float, top: float, right: float, bottom: float) -> str:
    """Return an area of the grid, its edges bent as the streets are."""
    steps = [step / 12 for step in range(13)]
    across = [left + (right - left) * step for step in steps]
    down = [top + (bottom - top) * step for step in steps]
    around = [point(u, top) for u in across] + [point(right, v) for v in down]
    around += [point(u, bottom) for u in across[::-1]] + [point(left, v) for v in down[::-1]]
    return svg_path(around, closed=True)


def _lots(column: int, row: int, chance: Random) -> Iterator[list[Point]]:
    """Yield the houses of a block: two rows of them, back to back."""
    for top, bottom in ((0.13, 0.42), (0.58, 0.87)):
        left = 0.13
        while left < 0.8:
            right = min(left + chance.uniform(0.13, 0.3), 0.87)
            if right > 0.76:
                right = 0.87
            deep = chance.uniform(0, 0.1)
            inner = (bottom - deep, top) if top < 0.5 else (bottom, top + deep)
            corners = [(left, inner[1]), (right, inner[1]), (right, inner[0]), (left, inner[0])]
            if chance.random() > 0.07:
                yield [point(column + u, row + v) for u, v in corners]
            left = right + 0.025
