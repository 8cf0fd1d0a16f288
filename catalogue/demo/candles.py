"""Pictures of candles and of what smells good."""

from catalogue.demo.colours import (
    BRASS,
    CHARCOAL,
    CREAM,
    FOREST,
    GLASS,
    HONEY,
    LAVENDER,
    LINEN,
    PLUM,
    WHITE,
    WOOD,
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


def _flame(x: float, y: float, scale: float = 1) -> str:
    """A flame with its wick, standing on (x, y)."""
    return moved(
        faint(circle(0, -46, 62, "#ffd98a"), 0.35)
        + stroke("M0 0 V-20", CHARCOAL, 5)
        + path("M0 -92 Q30 -50 22 -30 Q14 -10 0 -10 Q-14 -10 -22 -30 Q-30 -50 0 -92 Z", "#f6b13c")
        + path("M0 -60 Q13 -38 10 -26 Q6 -14 0 -14 Q-6 -14 -10 -26 Q-13 -38 0 -60 Z", "#fff0bf"),
        x,
        y,
        scale,
    )


def jar_candle(colour: str) -> str:
    """A candle in a tumbler with a label."""
    glass = "M190 235 H410 V458 Q410 490 378 490 H222 Q190 490 190 458 Z"
    return (
        shadow(270)
        + solid(glass, lighter(colour, 0.6), 362, rect(180, 288, 240, 210, colour))
        + ellipse(300, 288, 110, 17, lighter(colour, 0.35))
        + faint(ellipse(300, 235, 110, 17, WHITE), 0.75)
        + _flame(300, 282)
        + rect(236, 344, 128, 96, CREAM, 4)
        + stroke("M300 424 V362", darker(colour, 0.35), 5)
        + all_of(_leaflets(300, y, darker(colour, 0.2)) for y in (376, 396, 416))
        + gleam("M212 262 V446", 11)
    )


def _leaflets(x: float, y: float, colour: str) -> str:
    left = turned(ellipse(x - 17, y, 16, 6.5, colour), 24, x, y)
    right = turned(ellipse(x + 17, y, 16, 6.5, colour), -24, x, y)
    return left + right


def pillars(colour: str) -> str:
    """Two pillar candles rolled of beeswax."""
    return shadow(330) + _pillar(225, 250, colour) + _pillar(375, 330, darker(colour, 0.1))


def _pillar(x: float, top: float, colour: str) -> str:
    body = f"M{x - 62} {top} H{x + 62} V490 H{x - 62} Z"
    comb = [
        (x - 62 + column * 24 + (row % 2) * 12, top + 14 + row * 20)
        for row in range(int((490 - top) / 20) + 1)
        for column in range(6)
    ]
    cells = (
        stroke(f"M{cx} {cy - 9} l9 5 v9 l-9 5 l-9 -5 v-9 Z", darker(colour, 0.2), 3)
        for cx, cy in comb
    )
    return (
        solid(body, colour, x + 26, *cells)
        + ellipse(x, top, 62, 13, lighter(colour, 0.3))
        + _flame(x, top, 0.9)
    )


def diffuser(colour: str) -> str:
    """A scent bottle with its reeds."""
    bottle = (
        "M262 255 H338 V290 Q412 306 412 380 V456 Q412 490 378 490 H222 Q188 490 188 456 "
        "V380 Q188 306 262 290 Z"
    )
    return (
        shadow(270)
        + all_of(
            turned(stroke("M300 60 V330", WOOD, 8), tilt, 300, 330)
            for tilt in (-30, -14, 2, 16, 31)
        )
        + solid(bottle, lighter(colour, 0.45), 356, rect(180, 372, 240, 130, colour))
        + rect(256, 244, 88, 26, BRASS, 6)
        + rect(242, 384, 116, 66, CREAM, 4)
        + stroke("M262 408 H338 M276 428 H324", darker(colour, 0.4), 5)
        + gleam("M212 366 Q214 330 246 316")
    )


def matches(colour: str) -> str:
    """Long matches in a bottle with a cork."""
    sticks = range(240, 366, 15)
    bottle = "M215 200 H385 V456 Q385 490 352 490 H248 Q215 490 215 456 Z"
    return (
        shadow(230)
        + path("M246 138 H354 L346 204 H254 Z", WOOD)
        + path("M246 138 H354 L352 156 H248 Z", lighter(WOOD, 0.25))
        + solid(
            bottle,
            GLASS,
            350,
            *(stroke(f"M{x} {262 + x % 4 * 5} V480", "#e6c79c", 8) for x in sticks),
            *(ellipse(x, 256 + x % 4 * 5, 8, 13, colour) for x in sticks),
        )
        + rect(206, 374, 188, 62, CREAM, 4)
        + stroke("M234 396 H366 M262 416 H338", darker(LINEN, 0.45), 5)
        + gleam("M234 226 V362", 11)
    )


def tapers(colour: str) -> str:
    """Four dinner candles, tied together."""
    shades = (colour, lighter(colour, 0.35), darker(colour, 0.25), lighter(colour, 0.6))
    return (
        shadow(230)
        + all_of(
            _taper(222 + 52 * at, 120 + (at % 2) * 26, shade) for at, shade in enumerate(shades)
        )
        + rect(190, 342, 220, 30, LINEN, 5)
        + stroke("M300 357 q-62 -44 -70 -6 q-2 22 70 6 q62 -44 70 -6 q2 22 -70 6", WOOD, 8)
        + stroke("M300 357 l-34 62 M300 357 l34 62", WOOD, 8)
        + circle(300, 357, 11, WOOD)
    )


def _taper(x: float, top: float, colour: str) -> str:
    body = f"M{x - 12} {top} H{x + 12} L{x + 23} 490 H{x - 23} Z"
    return stroke(f"M{x} {top} q4 -16 0 -28", CHARCOAL, 4) + solid(body, colour, x + 7)


def candle_holder(colour: str) -> str:
    """A chamberstick: a dish with a ring to carry it by, and a lit candle."""
    return (
        shadow(390)
        + stroke("M420 446 a40 40 0 1 1 34 34", colour, 15)
        + solid("M268 190 H332 V430 H268 Z", CREAM, 312)
        + path("M332 200 q18 34 4 62 q-8 10 -8 -10 Z", CREAM)
        + ellipse(300, 190, 32, 9, WHITE)
        + _flame(300, 188, 1.1)
        + solid("M250 384 H350 L338 450 H262 Z", colour, 318)
        + rect(244, 376, 112, 16, lighter(colour, 0.3), 8)
        + solid("M130 442 H470 Q452 490 392 490 H208 Q148 490 130 442 Z", colour, 370)
        + rect(124, 434, 352, 16, lighter(colour, 0.3), 8)
        + gleam("M170 466 q14 14 44 16", 7)
    )


def sachet(colour: str) -> str:
    """A linen bag of lavender, with a sprig tied to it."""
    bag = "M205 268 Q178 380 186 458 Q190 490 222 490 H378 Q410 490 414 458 Q422 380 395 268 Z"
    ruffle = (
        "M214 262 L196 172 Q222 190 236 170 Q260 192 280 168 Q302 192 322 168 Q344 192 364 "
        "170 Q380 190 404 172 L386 262 Z"
    )
    return (
        shadow(270)
        + path(ruffle, lighter(colour, 0.25))
        + solid(
            bag,
            colour,
            356,
            *(stroke(f"M{x} 270 V490", lighter(colour, 0.3), 3) for x in range(200, 410, 22)),
        )
        + rect(202, 250, 196, 28, LAVENDER, 12)
        + _sprig(300, 440, 0)
        + _sprig(272, 446, -15)
        + _sprig(328, 446, 15)
    )


def _sprig(x: float, foot: float, tilt: float) -> str:
    buds = all_of(
        ellipse(x + side * 8, foot - 70 - step * 13, 8, 7, PLUM if step % 2 else LAVENDER)
        for step in range(5)
        for side in (-1, 1)
    )
    return turned(stroke(f"M{x} {foot} V{foot - 120}", FOREST, 5) + buds, tilt, x, foot)


def lantern(colour: str) -> str:
    """A metal lantern with a candle behind its panes."""
    return (
        shadow(290)
        + stroke("M262 128 a38 38 0 1 1 76 0", colour, 11)
        + path("M300 108 L404 206 H196 Z", colour)
        + path("M300 108 L404 206 H340 Z", darker(colour, 0.25))
        + rect(200, 206, 200, 262, "#ffe9b8")
        + faint(circle(300, 330, 92, HONEY), 0.3)
        + solid("M264 360 H336 V468 H264 Z", CREAM, 314)
        + ellipse(300, 360, 36, 9, WHITE)
        + _flame(300, 358)
        + stroke("M206 206 V468 M394 206 V468", colour, 15)
        + stroke("M300 206 V250", colour, 6)
        + rect(184, 198, 232, 18, colour, 6)
        + rect(178, 462, 244, 28, colour, 6)
        + rect(178, 476, 244, 14, darker(colour, 0.25), 6)
    )
