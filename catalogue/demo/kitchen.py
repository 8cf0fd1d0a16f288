"""Pictures of what is for the kitchen and the table."""

from catalogue.demo.colours import BRASS, CHARCOAL, CREAM, GLASS, LINEN, MUSTARD, STEEL, WHITE, WOOD
from catalogue.demo.drawing import (
    all_of,
    circle,
    darker,
    ellipse,
    faint,
    gleam,
    lighter,
    path,
    rect,
    shadow,
    solid,
    stroke,
    turned,
)


def mug(colour: str) -> str:
    """A speckled mug with steam over it."""
    body = "M190 250 H370 V425 Q370 490 305 490 H255 Q190 490 190 425 Z"
    specks = [(222, 310), (250, 360), (300, 300), (335, 345), (270, 410), (330, 415), (215, 395)]
    return (
        shadow(290)
        + stroke("M372 292 h20 a54 54 0 0 1 0 112 h-24", darker(colour, 0.12), 27)
        + solid(body, colour, 318, rect(180, 452, 200, 60, LINEN))
        + all_of(faint(circle(x, y, 3.5, darker(colour, 0.5)), 0.6) for x, y in specks)
        + ellipse(280, 250, 90, 20, lighter(colour, 0.25))
        + ellipse(280, 252, 76, 14, "#6b4226")
        + gleam("M212 290 V400")
        + faint(stroke("M255 215 q-16 -22 0 -44 t0 -44", WHITE, 9), 0.9)
        + faint(stroke("M305 215 q-16 -22 0 -44 t0 -44", WHITE, 9), 0.9)
    )


def teapot(colour: str) -> str:
    """An enamel teapot with a dark rim."""
    rim = darker(colour, 0.55)
    body = "M180 365 Q180 270 300 270 Q420 270 420 365 Q420 490 300 490 Q180 490 180 365 Z"
    return (
        shadow(330)
        + stroke("M412 320 q78 -14 70 62 q-8 62 -84 62", darker(colour, 0.15), 22)
        + path("M205 440 Q130 425 118 318 L96 300 L140 288 Q158 372 205 362 Z", colour)
        + stroke("M96 300 L140 288", rim, 9)
        + solid(body, colour, 352)
        + path("M228 280 Q232 232 300 232 Q368 232 372 280 Z", lighter(colour, 0.12))
        + stroke("M226 281 H374", rim, 9)
        + circle(300, 220, 17, rim)
        + rect(238, 478, 124, 14, rim, 7)
        + gleam("M206 352 q6 -44 44 -58", 12)
    )


def board(colour: str) -> str:
    """A cutting board leaning on the wall, with its grain."""
    outline = (
        "M272 92 H328 Q344 92 344 110 V190 Q344 206 362 208 Q410 212 410 258 V452 "
        "Q410 490 372 490 H228 Q190 490 190 452 V258 Q190 212 238 208 Q256 206 256 190 "
        "V110 Q256 92 272 92 Z"
    )
    grain = (
        f"M{x} 80 C{x + 40} 200 {x - 46} 320 {x + 14} 500" for x in (205, 240, 275, 315, 350, 385)
    )
    return (
        shadow(260)
        + solid(outline, colour, 366, *(stroke(line, darker(colour, 0.25), 5) for line in grain))
        + ellipse(262, 370, 19, 31, darker(colour, 0.35))
        + ellipse(262, 370, 10, 18, darker(colour, 0.5))
        + circle(300, 130, 13, CREAM)
    )


def bowl(colour: str) -> str:
    """A wide bowl full of lemons."""
    lemons = [(215, 318, -14), (285, 296, 10), (352, 308, -6), (400, 326, 20), (318, 328, 0)]
    outline = "M135 330 H465 Q462 448 352 482 Q300 494 248 482 Q138 448 135 330 Z"
    return (
        shadow(300)
        + ellipse(300, 330, 165, 34, darker(colour, 0.3))
        + all_of(turned(_lemon(x, y), tilt, x, y) for x, y, tilt in lemons)
        + solid(outline, colour, 360, stroke("M130 372 Q300 412 470 372", lighter(colour, 0.5), 9))
        + stroke("M137 331 Q300 376 463 331", lighter(colour, 0.35), 10)
        + gleam("M168 376 q10 44 44 68")
    )


def _lemon(x: float, y: float) -> str:
    rind = f"M{x - 58} {y} q10 -42 58 -42 q48 0 58 42 q-10 42 -58 42 q-48 0 -58 -42 Z"
    return (
        path(rind, "#f2c53d")
        + stroke(rind, "#d9a427", 4)
        + gleam(f"M{x - 26} {y - 16} q12 -12 28 -12", 8)
    )


def jar(colour: str) -> str:
    """A glass jar with a cork, three quarters full."""
    glass = (
        "M205 215 Q205 195 225 195 H375 Q395 195 395 215 V460 Q395 490 365 490 H235 Q205 490 "
        "205 460 Z"
    )
    grains = [(x, y) for y in range(300, 480, 22) for x in range(214 + y % 4 * 5, 395, 24)]
    return (
        shadow(240)
        + path("M232 140 H368 L360 204 H240 Z", WOOD)
        + path("M232 140 H368 L366 158 H234 Z", lighter(WOOD, 0.25))
        + solid(
            glass,
            GLASS,
            352,
            rect(200, 285, 200, 210, colour),
            *(ellipse(x, y, 8, 4.5, lighter(colour, 0.3)) for x, y in grains),
        )
        + rect(248, 330, 104, 66, CREAM, 6)
        + stroke("M266 354 H334 M276 374 H324", darker(LINEN, 0.4), 5)
        + gleam("M226 225 V450", 12)
    )


def coffee_press(colour: str) -> str:
    """A glass coffee press in a metal frame, half drunk."""
    glass = "M205 190 H375 V470 Q375 480 365 480 H215 Q205 480 205 470 Z"
    return (
        shadow(270)
        + stroke("M290 60 V170", STEEL, 9)
        + circle(290, 58, 20, CHARCOAL)
        + path("M196 190 Q200 150 290 150 Q380 150 384 190 Z", colour)
        + stroke("M376 235 h38 q22 0 22 22 v138 q0 22 -22 22 h-38", CHARCOAL, 22)
        + solid(
            glass,
            GLASS,
            330,
            rect(200, 300, 180, 190, "#4a2c1a"),
            ellipse(290, 300, 86, 12, "#7a4f31"),
        )
        + stroke("M290 190 V292", STEEL, 7)
        + rect(194, 182, 192, 18, colour, 9)
        + rect(194, 404, 192, 14, colour, 7)
        + rect(194, 472, 192, 18, colour, 9)
        + gleam("M226 222 V384", 12)
    )


def honey(colour: str) -> str:
    """A jar of honey and its dipper."""
    glass = (
        "M190 262 Q190 240 212 240 H348 Q370 240 370 262 V460 Q370 490 340 490 H220 Q190 490 "
        "190 460 Z"
    )
    cells = "M280 318 l34 20 v40 l-34 20 l-34 -20 v-40 Z"
    return (
        shadow(340, 320)
        + _dipper()
        + solid(glass, colour, 332)
        + rect(184, 192, 192, 52, CREAM, 10)
        + rect(184, 224, 192, 12, LINEN)
        + path(cells, CREAM)
        + stroke(cells, darker(colour, 0.35), 6)
        + ellipse(280, 360, 17, 12, MUSTARD)
        + stroke("M274 349 V371 M286 349 V371", CHARCOAL, 5)
        + faint(ellipse(270, 343, 11, 7, WHITE) + ellipse(291, 343, 11, 7, WHITE), 0.95)
        + gleam("M212 270 V450", 12)
    )


def _dipper() -> str:
    rings = all_of(rect(406, y, 68, 15, WOOD, 8) for y in range(392, 478, 20))
    return turned(
        stroke("M440 210 V400", WOOD, 15) + rings + gleam("M437 220 V380", 4), 14, 440, 480
    )


def mills(colour: str) -> str:
    """A mill for salt and a mill for pepper."""
    return shadow(320) + _mill(225, 170, WOOD) + _mill(375, 130, colour)


def _mill(x: float, top: float, colour: str) -> str:
    waist = (top + 490) / 2
    body = (
        f"M{x - 34} {top + 62} Q{x - 30} {waist} {x - 62} 490 H{x + 62} "
        f"Q{x + 30} {waist} {x + 34} {top + 62} Z"
    )
    head = f"M{x - 44} {top + 62} Q{x - 52} {top} {x} {top} Q{x + 52} {top} {x + 44} {top + 62} Z"
    return (
        solid(body, colour, x + 18)
        + rect(x - 40, top + 58, 80, 12, BRASS, 4)
        + solid(head, lighter(colour, 0.1), x + 18)
        + circle(x, top - 6, 13, BRASS)
        + gleam(f"M{x - 22} {top + 100} Q{x - 20} {waist} {x - 38} 460", 7)
    )


def spoons(colour: str) -> str:
    """Wooden spoons in a crock."""
    crock = "M195 300 H405 L392 462 Q390 490 362 490 H238 Q210 490 208 462 Z"
    return (
        shadow(250)
        + turned(_spoon(250), -16, 270, 400)
        + turned(_spoon(350), 17, 330, 400)
        + stroke("M300 90 V330", WOOD, 17)
        + path("M262 66 H338 L330 176 Q300 190 270 176 Z", lighter(WOOD, 0.12))
        + stroke("M289 92 V160 M311 92 V160", darker(WOOD, 0.3), 7)
        + ellipse(300, 300, 105, 18, darker(colour, 0.35))
        + solid(crock, colour, 352, rect(190, 420, 230, 26, CREAM))
        + stroke("M196 303 Q300 334 404 303", lighter(colour, 0.35), 9)
        + gleam("M222 334 l8 76")
    )


def _spoon(x: float) -> str:
    return (
        stroke(f"M{x} 200 V360", WOOD, 16)
        + ellipse(x, 142, 41, 60, WOOD)
        + ellipse(x, 138, 29, 45, darker(WOOD, 0.16))
    )
