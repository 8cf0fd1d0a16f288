"""Pictures of what is for the garden and the window sill."""

from catalogue.demo.colours import (
    BRASS,
    CHARCOAL,
    CREAM,
    FOREST,
    LEAF,
    LINEN,
    MUSTARD,
    ROSE,
    STEEL,
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


def pot(colour: str) -> str:
    """A flower pot with a snake plant in it."""
    leaves = [(262, -16, 200), (338, 17, 205), (286, -5, 260), (318, 7, 250), (300, 1, 300)]
    return (
        shadow(240)
        + all_of(_blade(x, tilt, length) for x, tilt, length in leaves)
        + solid("M200 352 H400 L380 464 Q376 490 350 490 H250 Q224 490 220 464 Z", colour, 348)
        + solid("M186 316 H414 V362 H186 Z", lighter(colour, 0.12), 352)
        + gleam("M226 384 l8 62")
    )


def _blade(x: float, tilt: float, length: float) -> str:
    top, middle = 330 - length, 330 - length * 0.45
    outline = f"M{x - 12} 330 Q{x - 30} {middle} {x} {top} Q{x + 30} {middle} {x + 12} 330 Z"
    vein = stroke(f"M{x} 322 V{top + 40}", lighter(LEAF, 0.35), 5)
    return turned(solid(outline, LEAF, x + 4, vein), tilt, x, 330)


def watering_can(colour: str) -> str:
    """A watering can with a long spout."""
    return (
        shadow(360)
        + stroke("M232 282 Q240 150 330 160 Q420 172 412 300", darker(colour, 0.2), 19)
        + path(
            "M232 452 Q170 420 128 262 L106 218 L142 204 Q176 330 232 352 Z", darker(colour, 0.1)
        )
        + path("M82 232 L150 178 L166 196 L98 254 Z", lighter(colour, 0.2))
        + solid("M212 280 H432 L418 472 Q416 490 398 490 H246 Q228 490 226 472 Z", colour, 368)
        + ellipse(322, 280, 110, 18, darker(colour, 0.4))
        + stroke("M214 330 Q322 356 430 330", lighter(colour, 0.35), 7)
        + gleam("M246 352 l8 104")
    )


def trowel(colour: str) -> str:
    """A hand trowel, stuck in a heap of earth."""
    blade = "M262 250 H338 Q352 380 300 452 Q248 380 262 250 Z"
    return (
        turned(
            solid("M278 66 Q278 50 300 50 Q322 50 322 66 L318 196 H282 Z", colour, 306)
            + rect(276, 188, 48, 18, BRASS, 5)
            + rect(290, 204, 20, 54, STEEL)
            + solid(blade, STEEL, 304, stroke("M300 262 V420", lighter(STEEL, 0.5), 6))
            + circle(300, 76, 6, CREAM),
            13,
            300,
            420,
        )
        + _earth()
    )


def _earth() -> str:
    heap = "M120 490 Q150 424 226 428 Q262 382 318 414 Q384 396 410 440 Q468 446 486 490 Z"
    crumbs = [(190, 460), (240, 446), (300, 462), (352, 440), (410, 468), (272, 478), (366, 478)]
    return (
        shadow(400)
        + solid(heap, "#5f4330", 380)
        + all_of(circle(x, y, 6, "#7d5a40") for x, y in crumbs)
    )


def seeds(colour: str) -> str:
    """A packet of seeds with the meadow it promises."""
    flowers = [(246, 300, ROSE, 62), (300, 272, MUSTARD, 90), (354, 304, "#8ea6d8", 58)]
    return (
        shadow(270)
        + solid("M186 120 H414 V490 H186 Z", CREAM, 372, rect(186, 120, 228, 76, colour))
        + stroke("M186 142 H414", darker(colour, 0.3), 3)
        + stroke("M230 170 H370", CREAM, 9)
        + solid("M206 216 H394 V410 H206 Z", "#dbeaf0", 500, rect(200, 372, 200, 60, LEAF))
        + all_of(_flower(x, y, petals, stem) for x, y, petals, stem in flowers)
        + stroke("M232 440 H368 M256 462 H344", darker(LINEN, 0.4), 6)
    )


def _flower(x: float, y: float, petals: str, stem: float) -> str:
    return (
        stroke(f"M{x} {y} v{stem + 12}", FOREST, 6)
        + turned(ellipse(x + 16, y + stem - 10, 17, 7, FOREST), -34, x, y + stem - 10)
        + all_of(turned(ellipse(x, y - 18, 10, 16, petals), at, x, y) for at in range(0, 360, 60))
        + circle(x, y, 10, WALNUT)
    )


def bird_house(colour: str) -> str:
    """A bird house on a pole, and who moved in."""
    return (
        shadow(120)
        + rect(288, 396, 24, 94, WALNUT)
        + solid(
            "M196 214 L300 120 L404 214 V404 H196 Z",
            colour,
            350,
            *(stroke(f"M{x} 100 V410", darker(colour, 0.12), 4) for x in (236, 276, 316, 356)),
        )
        + stroke("M168 236 L300 112 L432 236", WALNUT, 25)
        + circle(300, 268, 40, darker(colour, 0.65))
        + _bird(300, 276)
        + stroke("M300 344 V366", WALNUT, 13)
        + circle(300, 340, 10, lighter(WALNUT, 0.25))
        + rect(182, 394, 236, 18, WALNUT, 6)
    )


def _bird(x: float, y: float) -> str:
    return (
        circle(x, y, 25, "#8fb7d1")
        + ellipse(x, y + 12, 17, 12, CREAM)
        + circle(x - 8, y - 6, 4, CHARCOAL)
        + circle(x + 8, y - 6, 4, CHARCOAL)
        + path(f"M{x - 6} {y + 1} h12 l-6 10 Z", MUSTARD)
    )


def mister(colour: str) -> str:
    """A plant mister of coloured glass with a brass pump, and its mist."""
    bottle = (
        "M274 236 H346 Q346 270 396 300 Q424 318 424 366 V456 Q424 490 390 490 H230 Q196 490 "
        "196 456 V366 Q196 318 224 300 Q274 270 274 236 Z"
    )
    drops = [
        (150, 150),
        (118, 132),
        (122, 172),
        (88, 152),
        (92, 192),
        (86, 112),
        (60, 172),
        (56, 134),
    ]
    return (
        shadow(270)
        + solid(bottle, colour, 364, rect(190, 380, 240, 120, darker(colour, 0.22)))
        + rect(262, 204, 96, 40, BRASS, 6)
        + path("M186 138 H356 Q380 138 380 166 V180 H262 L206 172 L186 164 Z", BRASS)
        + rect(292, 176, 34, 34, darker(BRASS, 0.2))
        + stroke("M250 182 Q244 226 216 244", darker(BRASS, 0.15), 12)
        + all_of(circle(x, y, 5, "#a9d0de") for x, y in drops)
        + gleam("M222 370 Q224 330 258 310", 12)
    )


def succulent(colour: str) -> str:
    """A rosette of thick leaves in a faceted pot."""
    rings = [(104, 8, 0.22, 10), (76, 8, 0.0, 32), (50, 6, 0.22, 8), (26, 5, 0.4, 40)]
    return (
        shadow(270)
        + all_of(_ring(reach, count, light, turn) for reach, count, light, turn in rings)
        + path("M180 352 H420 L392 490 H208 Z", colour)
        + path("M180 352 H262 L232 490 H208 Z", lighter(colour, 0.22))
        + path("M340 352 H420 L392 490 H364 Z", darker(colour, 0.18))
        + rect(170, 338, 260, 26, lighter(colour, 0.32), 6)
    )


def _ring(reach: float, count: int, light: float, turn: float) -> str:
    green = lighter("#7fae8d", light)
    leaf = (
        f"M300 270 Q{300 - reach * 0.36} {270 - reach * 0.75} 300 {270 - reach * 1.12} Q"
        f"{300 + reach * 0.36} {270 - reach * 0.75} 300 270 Z"
    )
    tip = circle(300, 270 - reach * 1.06, 4, ROSE)
    whole = path(leaf, green) + stroke(leaf, darker(green, 0.18), 3) + tip
    return all_of(turned(whole, turn + at * 360 / count, 300, 270) for at in range(count))


def hanging_planter(colour: str) -> str:
    """A pot in a knotted hanger, with leaves trailing over the rim."""
    trails = [(218, 310, 120), (246, 330, 86), (300, 336, 60), (354, 330, 110), (384, 312, 74)]
    return (
        stroke("M300 24 L196 300 M300 24 L404 300 M300 24 V296", LINEN, 9)
        + circle(300, 34, 17, WOOD)
        + circle(300, 34, 8, CREAM)
        + all_of(moved(_tuft(), x, 296) for x in (226, 263, 300, 337, 374))
        + solid("M182 296 H418 Q424 432 300 440 Q176 432 182 296 Z", colour, 358)
        + all_of(_trail(x, y, length) for x, y, length in trails)
        + stroke("M196 302 Q236 420 300 452 Q364 420 404 302", LINEN, 9)
        + stroke("M300 452 V520 M300 462 L286 528 M300 462 L314 528", LINEN, 7)
        + circle(300, 456, 12, lighter(LINEN, 0.3))
    )


def _tuft() -> str:
    return all_of(turned(ellipse(0, -22, 12, 24, LEAF), tilt, 0, 0) for tilt in (-34, 0, 34))


def _trail(x: float, top: float, length: float) -> str:
    leaves = all_of(
        turned(ellipse(x + side * 11, y, 13, 8, FOREST if side > 0 else LEAF), side * 28, x, y)
        for y in range(int(top), int(top + length), 18)
        for side in (-1, 1)
    )
    return stroke(f"M{x} {top - 20} V{top + length}", FOREST, 5) + leaves


def twine(colour: str) -> str:
    """A spool of garden twine, with a pair of leaves for a label."""
    windings = (
        stroke(f"M196 {y} Q300 {y + 20} 404 {y - 6}", darker(colour, 0.18), 5)
        for y in range(232, 470, 15)
    )
    return (
        shadow(290)
        + solid("M206 222 H394 V462 H206 Z", colour, 350, *windings)
        + rect(176, 462, 248, 28, WOOD, 8)
        + rect(176, 196, 248, 30, WOOD, 8)
        + rect(176, 196, 248, 10, lighter(WOOD, 0.3), 5)
        + stroke("M394 430 q64 -6 70 30 q0 34 40 30", colour, 8)
        + circle(300, 340, 50, CREAM)
        + turned(ellipse(300, 322, 13, 26, LEAF), -28, 300, 350)
        + turned(ellipse(300, 322, 13, 26, FOREST), 28, 300, 350)
        + faint(circle(300, 350, 4, WHITE), 0.9)
    )
