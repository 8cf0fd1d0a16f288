"""Pictures of textiles and of what makes a room a home."""

from catalogue.demo.colours import BRASS, BRICK, CHARCOAL, CREAM, LINEN, SAGE, WALNUT, WHITE, WOOD
from catalogue.demo.drawing import (
    all_of,
    circle,
    darker,
    ellipse,
    faint,
    gleam,
    lighter,
    moved,
    path,
    rect,
    shadow,
    solid,
    stroke,
    turned,
)


def cushion(colour: str) -> str:
    """A square cushion with piping and a quilted pattern."""
    outline = (
        "M142 180 Q136 152 164 158 Q300 184 436 158 Q464 152 458 180 Q434 320 458 462 Q464 "
        "490 436 486 Q300 464 164 486 Q136 490 142 462 Q166 320 142 180 Z"
    )
    quilt = [
        stroke(f"M{x} 120 L{x + 400} 520 M{x + 400} 120 L{x} 520", lighter(colour, 0.28), 4)
        for x in range(-260, 460, 62)
    ]
    return (
        shadow(320)
        + solid(outline, colour, 388, *quilt)
        + stroke(outline, darker(colour, 0.2), 8)
        + gleam("M176 214 Q190 300 180 380", 12)
    )


def throw(colour: str) -> str:
    """A woollen throw, folded, with fringes."""
    fringe = (stroke(f"M{x} 474 v26", lighter(colour, 0.4), 6) for x in range(150, 456, 15))
    return (
        shadow(370, y=500)
        + all_of(fringe)
        + _fold(312, 84, darker(colour, 0.16))
        + _fold(238, 84, colour)
        + _fold(394, 84, lighter(colour, 0.12))
        + all_of(rect(140, y, 320, 12, lighter(colour, 0.6)) for y in (410, 432))
        + stroke("M150 322 H440", darker(colour, 0.3), 4)
    )


def _fold(top: float, height: float, colour: str) -> str:
    right = (
        f"M140 {top} H430 Q462 {top} 462 {top + height / 2} Q462 {top + height} 430 "
        f"{top + height} H140 Z"
    )
    knit = (
        stroke(f"M{x} {top + 8} l8 {height - 16}", lighter(colour, 0.12), 4)
        for x in range(150, 440, 22)
    )
    return solid(right, colour, 412, *knit)


def tea_towels(colour: str) -> str:
    """Two linen towels hanging from a rail."""
    return (
        stroke("M110 120 H490", WALNUT, 15)
        + circle(110, 120, 14, BRASS)
        + circle(490, 120, 14, BRASS)
        + _towel(150, 350, LINEN, colour)
        + _towel(312, 300, colour, CREAM)
    )


def _towel(x: float, length: float, colour: str, stripe: str) -> str:
    outline = f"M{x} 108 H{x + 138} V{108 + length} H{x} Z"
    stripes = (
        rect(x, 108 + length - at, 138, width, stripe) for at, width in ((96, 18), (66, 8), (46, 8))
    )
    threads = (stroke(f"M{x + at} 108 V470", lighter(colour, 0.2), 2) for at in range(12, 138, 14))
    hem = stroke(f"M{x + 4} {108 + length} H{x + 134}", darker(colour, 0.2), 4)
    return solid(outline, colour, x + 104, *threads, *stripes) + hem


def apron(colour: str) -> str:
    """An apron on a hook, with a pocket."""
    outline = "M238 158 H362 Q366 236 430 262 V490 Q300 506 170 490 V262 Q234 236 238 158 Z"
    stripes = (stroke(f"M{x} 120 V510", lighter(colour, 0.35), 4) for x in range(184, 430, 21))
    return (
        stroke("M244 166 Q252 92 300 82 Q348 92 356 166", LINEN, 11)
        + circle(300, 74, 13, BRASS)
        + stroke("M172 268 Q120 300 128 380 M428 268 Q480 300 472 380", LINEN, 10)
        + solid(outline, colour, 372, *stripes)
        + rect(222, 330, 156, 96, lighter(colour, 0.12), 8)
        + stroke(
            "M222 338 V418 Q222 426 230 426 H370 Q378 426 378 418 V338 Z", darker(colour, 0.3), 4
        )
        + stroke("M300 340 V424", darker(colour, 0.3), 4)
        + stroke("M252 310 V352", WOOD, 10)
        + ellipse(252, 298, 15, 22, WOOD)
    )


def basket(colour: str) -> str:
    """A plaited basket with two handles and a plant standing in it."""
    weave = (
        stroke(f"M{x + (row % 2) * 15} {316 + row * 22} h15", darker(colour, 0.22), 8)
        for row in range(8)
        for x in range(150, 460, 30)
    )
    leaves = [(-46, 0.85), (-22, 1.05), (2, 1.2), (25, 1.0), (48, 0.8)]
    return (
        shadow(310)
        + all_of(turned(moved(_palm(), 300, 310, scale), tilt, 300, 310) for tilt, scale in leaves)
        + solid(
            "M160 296 H440 L412 466 Q408 490 384 490 H216 Q192 490 188 466 Z", colour, 372, *weave
        )
        + stroke("M160 300 H440", darker(colour, 0.15), 16)
        + stroke(
            "M196 310 q0 70 52 66 q40 -6 34 -66 M318 310 q-6 60 34 66 q52 4 52 -66", WALNUT, 12
        )
    )


def _palm() -> str:
    outline = "M0 0 Q-46 -90 0 -190 Q46 -90 0 0 Z"
    return path(outline, SAGE) + stroke("M0 -6 V-160", darker(SAGE, 0.25), 5)


def table_lamp(colour: str) -> str:
    """A lit table lamp with a pleated shade."""
    pleats = (
        stroke(f"M{300 + at * 0.5} 130 L{300 + at} 310", darker(CREAM, 0.1), 4)
        for at in range(-130, 131, 26)
    )
    return (
        faint(circle(300, 250, 210, "#ffe2a0"), 0.35)
        + shadow(220)
        + rect(290, 300, 20, 60, BRASS)
        + solid(
            "M300 342 Q378 342 384 418 Q384 474 340 490 H260 Q216 474 216 418 Q222 342 300 342 Z",
            colour,
            344,
        )
        + gleam("M240 420 Q242 380 270 366", 10)
        + rect(240, 480, 120, 14, darker(colour, 0.35), 7)
        + solid("M236 126 H364 L436 312 H164 Z", CREAM, 376, *pleats)
        + stroke("M170 308 H430 M238 130 H362", darker(LINEN, 0.15), 7)
        + stroke("M344 316 V358", BRASS, 4)
        + circle(344, 362, 7, BRASS)
    )


def wall_clock(colour: str) -> str:
    """A round clock that shows ten past ten."""
    marks = all_of(
        turned(rect(296, 150, 8, 26 if hour % 3 == 0 else 14, CHARCOAL, 4), hour * 30, 300, 290)
        for hour in range(12)
    )
    return (
        faint(circle(310, 302, 180, "#2b1d12"), 0.12)
        + circle(300, 290, 178, colour)
        + circle(300, 290, 178 - 12, lighter(colour, 0.18))
        + circle(300, 290, 150, WHITE)
        + marks
        + turned(stroke("M300 290 V210", CHARCOAL, 13), -58, 300, 290)
        + turned(stroke("M300 290 V178", CHARCOAL, 9), 60, 300, 290)
        + turned(stroke("M300 320 V170", BRICK, 4), 200, 300, 290)
        + circle(300, 290, 13, BRASS)
    )


def slippers(colour: str) -> str:
    """A pair of felt slippers, seen from above."""
    return (
        faint(ellipse(300, 472, 190, 24, "#2b1d12"), 0.14)
        + _slipper(210, colour, -5)
        + _slipper(390, colour, 5)
    )


def _slipper(x: float, colour: str, tilt: float) -> str:
    sole = (
        f"M{x - 72} 250 Q{x - 76} 130 {x} 126 Q{x + 76} 130 {x + 72} 250 Q{x + 58} 340 "
        f"{x + 60} 400 Q{x + 60} 476 {x} 476 Q{x - 60} 476 {x - 60} 400 Q{x - 58} 340 {x - 72} 250 "
        f"Z"
    )
    upper = (
        f"M{x - 72} 262 Q{x - 80} 130 {x} 126 Q{x + 80} 130 {x + 72} 262 Q{x + 68} 316 "
        f"{x + 56} 318 Q{x} 268 {x - 56} 318 Q{x - 68} 316 {x - 72} 262 Z"
    )
    return turned(
        path(sole, LINEN)
        + stroke(sole, WOOD, 12)
        + solid(upper, colour, x + 30)
        + stroke(f"M{x - 56} 318 Q{x} 268 {x + 56} 318", darker(colour, 0.3), 9)
        + circle(x, 226, 15, lighter(colour, 0.4))
        + circle(x, 226, 6, darker(colour, 0.2)),
        tilt,
        x,
        470,
    )
