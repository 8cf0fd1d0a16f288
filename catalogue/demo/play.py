"""Pictures of what is for children."""

from catalogue.demo.colours import (
    BRICK,
    CHARCOAL,
    CREAM,
    MIDNIGHT,
    MUSTARD,
    SAGE,
    SKY,
    TEAL,
    WALNUT,
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


def rainbow(colour: str) -> str:
    """A stacking rainbow of wooden arches."""
    arches = ((colour, 192), (MUSTARD, 152), (SAGE, 112), (SKY, 72))
    return shadow(420) + all_of(_arch(radius, each) for each, radius in arches)


def _arch(radius: float, colour: str) -> str:
    inner = radius - 36
    outline = (
        f"M{300 - radius} 490 V{490 - radius * 0.55} "
        f"A{radius} {radius} 0 0 1 {300 + radius} {490 - radius * 0.55} V490 "
        f"H{300 + inner} V{490 - radius * 0.55} "
        f"A{inner} {inner} 0 0 0 {300 - inner} {490 - radius * 0.55} V490 Z"
    )
    return solid(outline, colour, 300 + radius * 0.55)


def fox(colour: str) -> str:
    """A knitted fox, sitting."""
    return (
        shadow(300)
        + solid("M370 470 Q470 470 468 372 Q466 320 430 306 Q436 380 360 410 Z", colour, 440)
        + path("M430 306 Q466 318 468 366 Q446 346 434 350 Q436 326 430 306 Z", CREAM)
        + solid("M214 490 Q196 340 300 320 Q404 340 386 490 Z", colour, 346)
        + path("M262 490 Q248 386 300 366 Q352 386 338 490 Z", CREAM)
        + ellipse(250, 482, 36, 15, darker(colour, 0.5))
        + ellipse(350, 482, 36, 15, darker(colour, 0.5))
        + path("M196 100 L276 172 L202 236 Z", colour)
        + path("M404 100 L324 172 L398 236 Z", colour)
        + path("M210 132 L254 176 L214 212 Z", darker(colour, 0.5))
        + path("M390 132 L346 176 L386 212 Z", darker(colour, 0.5))
        + path(
            "M180 240 Q196 164 300 160 Q404 164 420 240 Q396 330 300 344 Q204 330 180 240 Z", colour
        )
        + path(
            "M180 240 Q236 236 300 318 Q364 236 420 240 Q396 330 300 344 Q204 330 180 240 Z", CREAM
        )
        + circle(248, 242, 12, CHARCOAL)
        + circle(352, 242, 12, CHARCOAL)
        + path("M276 304 Q300 292 324 304 Q316 330 300 332 Q284 330 276 304 Z", CHARCOAL)
        + path("M212 346 Q300 388 388 346 L394 376 Q300 420 206 376 Z", TEAL)
        + solid("M322 380 L362 376 L374 448 L336 454 Z", TEAL, 352)
    )


def kite(colour: str) -> str:
    """A kite with a tail of bows."""
    bows = [(282, 420, -10), (318, 468, 14), (270, 512, -18)]
    return (
        stroke("M300 372 Q262 412 300 440 Q346 474 296 500 Q250 524 262 566", CHARCOAL, 4)
        + all_of(_bow(x, y, tilt) for x, y, tilt in bows)
        + path("M300 50 L424 196 L300 384 Z", colour)
        + path("M300 50 L176 196 L300 384 Z", MUSTARD)
        + path("M300 50 L424 196 H300 Z", lighter(colour, 0.25))
        + path("M176 196 H300 V384 Z", TEAL)
        + stroke("M300 50 V384 M176 196 H424", CREAM, 6)
        + faint(_cloud(92, 150), 0.9)
        + faint(_cloud(450, 330), 0.9)
    )


def _bow(x: float, y: float, tilt: float) -> str:
    wings = path(f"M{x} {y} l-28 -15 v30 Z", BRICK) + path(f"M{x} {y} l28 -15 v30 Z", MUSTARD)
    return turned(wings + circle(x, y, 6, CREAM), tilt, x, y)


def _cloud(x: float, y: float) -> str:
    puffs = circle(x, y, 22, WHITE) + circle(x + 28, y - 10, 27, WHITE)
    return puffs + rect(x - 22, y - 2, 96, 24, WHITE, 12)


def spinning_top(colour: str) -> str:
    """A striped spinning top, at full speed."""
    body = "M150 300 Q166 372 290 462 H310 Q434 372 450 300 Q450 262 300 262 Q150 262 150 300 Z"
    return (
        shadow(180)
        + faint(stroke("M112 470 Q300 526 488 470", WALNUT, 7), 0.3)
        + faint(stroke("M152 512 Q300 546 448 512", WALNUT, 6), 0.2)
        + turned(
            rect(288, 120, 24, 150, WOOD, 8)
            + circle(300, 118, 24, BRICK)
            + path("M286 456 H314 L300 492 Z", CHARCOAL)
            + solid(
                body,
                colour,
                368,
                stroke("M140 318 Q300 366 460 318", CREAM, 24),
                stroke("M150 366 Q300 410 450 366", MUSTARD, 22),
                stroke("M200 412 Q300 442 400 412", MIDNIGHT, 18),
            )
            + ellipse(300, 286, 146, 24, lighter(colour, 0.25))
            + ellipse(300, 284, 40, 9, WOOD)
            + gleam("M176 318 q12 34 44 66", 9),
            7,
            300,
            490,
        )
    )


def picture_book(colour: str) -> str:
    """A picture book with a whale on its cover."""
    whale = (
        "M214 340 Q214 276 290 276 Q352 278 372 330 Q392 330 398 296 Q370 296 362 270 Q392 "
        "262 406 282 Q424 264 446 276 Q436 300 414 300 Q414 392 318 398 Q214 400 214 340 Z"
    )
    return (
        shadow(330)
        + rect(166, 132, 296, 356, CREAM, 6)
        + rect(160, 140, 296, 350, darker(colour, 0.35), 6)
        + solid("M146 124 H436 Q446 124 446 134 V480 Q446 490 436 490 H146 Z", colour, 600)
        + rect(146, 124, 26, 366, darker(colour, 0.2))
        + circle(388, 178, 24, "#fbe3a6")
        + moved(path(whale, MIDNIGHT), 4, 8)
        + moved(path("M214 352 Q270 386 356 370 Q336 396 300 398 Q222 396 214 352 Z", SKY), 4, 8)
        + circle(254, 338, 6, WHITE)
        + stroke("M280 272 q-2 -34 -26 -36 M284 272 q2 -34 26 -36", WHITE, 6)
        + stroke("M172 430 q34 -22 68 0 t68 0 t68 0 t70 0", lighter(colour, 0.55), 8)
        + stroke("M172 458 q34 -22 68 0 t68 0 t68 0 t70 0", lighter(colour, 0.35), 8)
        + stroke("M214 176 H330 M214 204 H294", CREAM, 11)
    )


def train(colour: str) -> str:
    """A wooden engine with its wagon."""
    wheels = ((142, 26), (218, 26), (324, 26), (388, 26), (454, 34))
    return (
        shadow(420)
        + stroke("M252 444 H300", WALNUT, 9)
        + solid("M106 352 H254 V450 H106 Z", MUSTARD, 226)
        + all_of(circle(x, 342, 27, each) for x, each in ((140, BRICK), (182, SAGE), (222, SKY)))
        + rect(98, 346, 164, 22, lighter(MUSTARD, 0.3), 6)
        + solid("M290 262 H384 V450 H290 Z", colour, 360)
        + rect(308, 286, 58, 56, "#fff1c9", 8)
        + rect(278, 240, 118, 26, darker(colour, 0.3), 8)
        + solid("M384 340 H478 Q500 340 500 364 V450 H384 Z", TEAL, 460)
        + path("M420 270 H464 L456 340 H428 Z", CHARCOAL)
        + rect(412, 258, 60, 18, CHARCOAL, 6)
        + faint(
            circle(452, 214, 21, WHITE) + circle(420, 176, 27, WHITE) + circle(376, 140, 19, WHITE),
            0.9,
        )
        + circle(486, 388, 11, "#ffe08a")
        + all_of(_wheel(x, radius) for x, radius in wheels)
    )


def _wheel(x: float, radius: float) -> str:
    y = 484 - radius
    return circle(x, y, radius, WALNUT) + circle(x, y, radius * 0.66, WOOD) + circle(x, y, 6, CREAM)


def moon_lamp(colour: str) -> str:
    """A night light in the shape of a moon, on a wooden stand."""
    craters = [(246, 210, 25), (342, 178, 17), (352, 292, 30), (270, 318, 16), (300, 240, 12)]
    return (
        faint(circle(300, 258, 222, colour), 0.3)
        + faint(circle(300, 258, 186, colour), 0.4)
        + shadow(260)
        + stroke("M210 490 L262 374 M390 490 L338 374", WOOD, 19)
        + stroke("M226 452 H374", WALNUT, 15)
        + circle(300, 258, 142, colour)
        + all_of(circle(x, y, radius, darker(colour, 0.09)) for x, y, radius in craters)
        + faint(path("M392 150 A142 142 0 0 1 300 400 A190 190 0 0 0 392 150 Z", "#2b1d12"), 0.1)
        + gleam("M186 236 Q196 172 250 142", 12)
        + all_of(
            _star(x, y, size) for x, y, size in ((96, 130, 18), (506, 196, 22), (120, 320, 13))
        )
    )


def _star(x: float, y: float, size: float) -> str:
    inner = size * 0.32
    return path(
        f"M{x} {y - size} L{x + inner} {y - inner} L{x + size} {y} L{x + inner} {y + inner} "
        f"L{x} {y + size} L{x - inner} {y + inner} L{x - size} {y} L{x - inner} {y - inner} Z",
        "#ffd873",
    )


def sailing_boat(colour: str) -> str:
    """A wooden sailing boat for the bath."""
    return (
        stroke("M300 92 V400", WALNUT, 13)
        + path("M312 110 Q424 230 432 372 H312 Z", CREAM)
        + path("M312 290 H415 Q430 330 432 372 H312 Z", colour)
        + path("M288 140 Q214 260 186 372 H288 Z", lighter(colour, 0.55))
        + path("M300 92 L352 74 L300 58 Z", MUSTARD)
        + solid(
            "M134 396 H466 Q448 484 384 490 H216 Q152 484 134 396 Z",
            WOOD,
            380,
            rect(120, 396, 360, 26, colour),
        )
        + faint(stroke("M70 492 q38 -24 76 0 t76 0 t76 0 t76 0 t76 0 t76 0", TEAL, 12), 0.8)
        + faint(stroke("M96 520 q38 -24 76 0 t76 0 t76 0 t76 0 t76 0", SKY, 11), 0.9)
        + gleam("M164 432 q12 28 40 38", 8)
    )
