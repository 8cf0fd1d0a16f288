"""The few shapes our pictures are made of. Each returns a piece of SVG; lengths are pixels.

A picture is 600 by 600: a wall, a table from `TABLE` down, and a thing that
stands with its foot near `FOOT`, in the middle.
"""

from collections.abc import Iterable
from hashlib import sha256

SIZE = 600
TABLE = 420
FOOT = 490


def picture(wall: str, table: str, thing: str) -> str:
    """A whole picture: `thing` on a table before a wall, in the middle of a patch of light."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" '
        f'width="{SIZE}" height="{SIZE}">'
        + rect(0, 0, SIZE, SIZE, wall)
        + circle(300, 280, 235, lighter(wall, 0.45))
        + rect(0, TABLE, SIZE, SIZE - TABLE, table)
        + rect(0, TABLE, SIZE, 6, lighter(table, 0.35))
        + thing
        + "</svg>\n"
    )


def rect(x: float, y: float, width: float, height: float, fill: str, round: float = 0) -> str:
    """A rectangle, its corners rounded by `round`."""
    corner = f' rx="{round}"' if round else ""
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}"{corner} fill="{fill}"/>'


def circle(x: float, y: float, radius: float, fill: str) -> str:
    """A disc."""
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}"/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str) -> str:
    """A flattened disc."""
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{fill}"/>'


def path(d: str, fill: str) -> str:
    """A filled outline."""
    return f'<path d="{d}" fill="{fill}"/>'


def stroke(d: str, colour: str, width: float) -> str:
    """A drawn line with round ends."""
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def within(d: str, *pieces: str) -> str:
    """The pieces, cut off at an outline."""
    name = "c" + sha256("".join([d, *pieces]).encode()).hexdigest()[:6]
    return (
        f'<clipPath id="{name}"><path d="{d}"/></clipPath>'
        f'<g clip-path="url(#{name})">{"".join(pieces)}</g>'
    )


def solid(d: str, fill: str, shade_from: float, *pieces: str) -> str:
    """A filled outline with pieces on it, in shade from the x of `shade_from` on."""
    shade = faint(rect(shade_from, 0, SIZE, SIZE, "#2b1d12"), 0.13)
    return within(d, path(d, fill), *pieces, shade)


def faint(piece: str, opacity: float) -> str:
    """A piece one can see through: 0 not at all there, 1 fully."""
    return f'<g opacity="{opacity}">{piece}</g>'


def turned(piece: str, degrees: float, x: float = 300, y: float = 300) -> str:
    """A piece turned clockwise about a point."""
    return f'<g transform="rotate({degrees} {x} {y})">{piece}</g>'


def moved(piece: str, dx: float, dy: float = 0, scale: float = 1) -> str:
    """A piece scaled about the origin, then moved."""
    return f'<g transform="translate({dx} {dy}) scale({scale})">{piece}</g>'


def shadow(width: float, x: float = 300, y: float = FOOT) -> str:
    """What a thing so wide casts on the table."""
    return faint(ellipse(x, y, width / 2, width / 14 + 5, "#2b1d12"), 0.16)


def gleam(d: str, width: float = 10) -> str:
    """A streak of light."""
    return faint(stroke(d, "#ffffff", width), 0.45)


def all_of(pieces: Iterable[str]) -> str:
    """Pieces one over the other."""
    return "".join(pieces)


def lighter(colour: str, by: float) -> str:
    """A colour (#rrggbb) so far on its way to white, 0 to 1."""
    return _mixed(colour, "#ffffff", by)


def darker(colour: str, by: float) -> str:
    """A colour (#rrggbb) so far on its way to a warm black, 0 to 1."""
    return _mixed(colour, "#1e140c", by)


def _mixed(one: str, other: str, share: float) -> str:
    parts = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
