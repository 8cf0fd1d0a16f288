"""Pictures of paper and of what lies on a desk."""

from catalogue.demo.colours import (
    BRASS,
    BRICK,
    CHARCOAL,
    CREAM,
    LEAF,
    LINEN,
    MIDNIGHT,
    MUSTARD,
    ROSE,
    SAGE,
    SKY,
    TEAL,
    TERRACOTTA,
    WALNUT,
    WHITE,
)
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


def notebook(colour: str) -> str:
    """A bound notebook with an elastic band and a ribbon."""
    return (
        shadow(300)
        + stroke("M262 480 V516 l10 -8", BRICK, 10)
        + rect(196, 116, 228, 368, darker(colour, 0.35), 12)
        + rect(190, 124, 226, 360, CREAM, 6)
        + all_of(stroke(f"M408 {y} V{y}", LINEN, 4) for y in range(140, 480, 12))
        + solid("M176 116 H392 Q404 116 404 128 V478 Q404 490 392 490 H176 Z", colour, 352)
        + rect(176, 116, 34, 374, darker(colour, 0.2))
        + rect(352, 112, 15, 382, darker(colour, 0.4))
        + rect(238, 186, 92, 62, CREAM, 4)
        + stroke("M254 208 H314 M254 226 H296", darker(LINEN, 0.45), 5)
    )


def pencils(colour: str) -> str:
    """Six pencils in a cardboard box."""
    colours = (BRICK, MUSTARD, SAGE, TEAL, MIDNIGHT, ROSE)
    return (
        shadow(280)
        + all_of(_pencil(206 + 32 * at, 118 + at % 3 * 20, each) for at, each in enumerate(colours))
        + solid("M180 300 H420 V490 H180 Z", colour, 372)
        + path("M260 300 A40 34 0 0 0 340 300 Z", darker(colour, 0.3))
        + rect(222, 372, 156, 70, CREAM, 4)
        + stroke("M246 396 H354 M272 418 H328", darker(LINEN, 0.45), 6)
    )


def _pencil(x: float, top: float, colour: str) -> str:
    return (
        path(f"M{x} {top + 58} L{x + 14} {top} L{x + 28} {top + 58} Z", "#ecd0a6")
        + path(f"M{x + 9} {top + 21} L{x + 14} {top} L{x + 19} {top + 21} Z", colour)
        + rect(x, top + 56, 28, 420 - top, colour)
        + rect(x + 19, top + 56, 9, 420 - top, darker(colour, 0.2))
        + rect(x, top + 56, 8, 420 - top, lighter(colour, 0.2))
    )


def cards(colour: str) -> str:
    """Two cards with a pressed fern, and their envelope."""
    return (
        shadow(370)
        + turned(rect(306, 172, 170, 300, lighter(colour, 0.55), 4), 9, 390, 480)
        + turned(stroke("M330 196 H452 V450 H330 Z", colour, 4), 9, 390, 480)
        + turned(rect(162, 150, 208, 330, WHITE, 4), -4, 260, 480)
        + turned(_fern(266, 440, colour), -4, 260, 480)
        + solid("M150 372 H436 V490 H150 Z", LINEN, 400)
        + path("M150 372 L293 452 L436 372 Z", darker(LINEN, 0.12))
        + circle(293, 446, 17, BRICK)
        + circle(293, 446, 10, lighter(BRICK, 0.2))
    )


def _fern(x: float, foot: float, colour: str) -> str:
    leaves = [
        turned(
            ellipse(x + side * reach, foot - 60 - step * 26, reach, 8, colour),
            side * -28,
            x,
            foot - 60 - step * 26,
        )
        for step, reach in enumerate((46, 44, 38, 31, 24, 16, 10))
        for side in (-1, 1)
    ]
    return stroke(f"M{x} {foot} V{foot - 240}", darker(colour, 0.2), 5) + all_of(leaves)


def wrapping_paper(colour: str) -> str:
    """Three rolls of wrapping paper."""
    dots = (
        circle(x, y, 8, CREAM)
        for y in range(140, 500, 44)
        for x in (264 + y % 3 * 9, 306 + y % 3 * 9, 348)
    )
    stripes = (stroke(f"M150 {y} L290 {y - 60}", MUSTARD, 12) for y in range(180, 570, 46))
    sprigs = (
        turned(ellipse(x, y, 6, 16, LEAF), tilt, x, y + 16)
        for y in range(190, 480, 54)
        for x, tilt in ((384, -35), (384, 35), (424, -35), (424, 35))
    )
    return (
        shadow(340)
        + solid("M170 170 H262 V484 Q216 498 170 484 Z", TERRACOTTA, 232, *stripes)
        + ellipse(216, 170, 46, 12, CREAM)
        + ellipse(216, 170, 15, 5, LINEN)
        + solid("M352 196 H444 V484 Q398 498 352 484 Z", CREAM, 414, *sprigs)
        + ellipse(398, 196, 46, 12, WHITE)
        + ellipse(398, 196, 15, 5, LINEN)
        + solid("M254 118 H356 V488 Q305 502 254 488 Z", colour, 322, *dots)
        + ellipse(305, 118, 51, 13, CREAM)
        + ellipse(305, 118, 17, 6, LINEN)
        + rect(250, 318, 110, 62, LINEN, 3)
        + stroke("M272 340 H338 M286 360 H324", WALNUT, 5)
    )


def washi_tape(colour: str) -> str:
    """Three rolls of paper tape."""
    return (
        shadow(360)
        + _roll(212, 394, 92, colour, MUSTARD)
        + _roll(384, 394, 92, TERRACOTTA, CREAM)
        + _roll(300, 238, 92, SKY, MIDNIGHT)
    )


def _roll(x: float, y: float, radius: float, colour: str, spots: str) -> str:
    return (
        circle(x, y, radius, darker(colour, 0.18))
        + circle(x - 5, y - 4, radius - 4, colour)
        + all_of(
            turned(circle(x - 5, y - 70, 8, spots), at, x - 5, y - 4) for at in range(0, 360, 36)
        )
        + circle(x - 5, y - 4, 48, "#c9a27a")
        + circle(x - 5, y - 4, 39, "#eef1f5")
        + faint(circle(x + 1, y + 2, 33, "#cfd8e6"), 0.9)
    )


def calendar(colour: str) -> str:
    """A desk calendar open at a month."""
    days = (
        rect(186 + 34 * (at % 7), 294 + 34 * (at // 7), 24, 22, BRICK if at == 16 else LINEN, 4)
        for at in range(30)
    )
    rings = (stroke(f"M{x} 150 v-30", CHARCOAL, 7) for x in range(188, 430, 37))
    return (
        shadow(370)
        + path("M146 136 H454 L478 490 H122 Z", darker(colour, 0.3))
        + solid("M150 132 H450 V470 H150 Z", WHITE, 600, rect(150, 132, 300, 132, colour))
        + circle(384, 196, 30, "#fbe3a6")
        + path("M150 264 L222 196 L276 240 L330 188 L412 264 Z", darker(colour, 0.25))
        + path("M150 264 Q260 222 450 264 Z", lighter(colour, 0.35))
        + all_of(days)
        + all_of(rings)
    )


def fountain_pen(colour: str) -> str:
    """A fountain pen before a bottle of ink."""
    bottle = (
        "M166 320 Q166 296 190 296 H356 Q380 296 380 320 V456 Q380 490 346 490 H200 Q166 490 "
        "166 456 Z"
    )
    pen = (
        path("M288 420 L300 474 L312 420 Z", BRASS)
        + stroke("M300 440 V468", darker(BRASS, 0.5), 3)
        + circle(300, 438, 4, darker(BRASS, 0.5))
        + solid("M284 366 H316 L313 424 H287 Z", CHARCOAL, 304)
        + rect(280, 354, 40, 14, BRASS, 4)
        + solid("M280 118 Q280 84 300 84 Q320 84 320 118 V356 H280 Z", colour, 306)
        + rect(280, 218, 40, 12, BRASS)
        + stroke("M311 112 V200", BRASS, 8)
        + gleam("M290 120 V340", 5)
    )
    return (
        shadow(380, 310)
        + rect(222, 236, 102, 64, CHARCOAL, 8)
        + rect(222, 250, 102, 10, BRASS)
        + solid(bottle, "#d6e2ec", 342, rect(160, 348, 230, 150, colour))
        + rect(208, 380, 130, 68, CREAM, 4)
        + stroke("M232 404 H314 M250 424 H296", darker(LINEN, 0.45), 5)
        + turned(moved(pen, 126, 10), 14, 426, 484)
    )


def wax_seal(colour: str) -> str:
    """A sealed letter and the stamp that sealed it."""
    blob = (
        "M230 362 q-34 6 -38 36 q-2 20 14 30 q-4 34 34 40 q22 2 32 -8 q30 10 46 -14 q10 -18 "
        "0 -32 q12 -34 -20 -46 q-18 -34 -68 -6 Z"
    )
    return (
        shadow(380)
        + solid("M120 310 H400 V490 H120 Z", CREAM, 600)
        + path("M120 310 L260 420 L400 310 Z", darker(CREAM, 0.09))
        + stroke("M120 310 L260 420 L400 310", darker(CREAM, 0.2), 4)
        + path(blob, colour)
        + circle(258, 412, 40, darker(colour, 0.18))
        + stroke(
            "M258 440 V392 M258 412 q-16 -2 -20 -16 M258 412 q16 -2 20 -16 M258 428 q-16 -2 -20 "
            "-14 M258 428 q16 -2 20 -14",
            lighter(colour, 0.4),
            5,
        )
        + solid(
            "M410 240 Q400 190 400 160 Q400 120 440 120 Q480 120 480 160 Q480 190 470 240 L478 "
            "410 H402 Z",
            WALNUT,
            448,
        )
        + rect(392, 404, 96, 20, BRASS, 5)
        + solid("M398 424 H482 V490 H398 Z", BRASS, 450)
        + gleam("M418 156 q-2 30 8 76", 8)
    )
