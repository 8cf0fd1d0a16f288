"""The pictures of the demo catalogue, by name.

`python -m catalogue.demo.pictures` draws them all anew into the static files.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from catalogue.demo import candles, garden, home, kitchen, paper, play
from catalogue.demo.colours import (
    BRASS,
    BRICK,
    CHARCOAL,
    FOREST,
    HONEY,
    LEAF,
    LINEN,
    MIDNIGHT,
    MUSTARD,
    ROSE,
    SAGE,
    SKY,
    SLATE,
    STEEL,
    TEAL,
    TERRACOTTA,
    WALNUT,
    WOOD,
)
from catalogue.demo.drawing import picture

FOLDER = Path(__file__).resolve().parent.parent / "static" / "catalogue" / "demo"


class Scene(NamedTuple):
    """The colours of a wall and of a table before it."""

    wall: str
    table: str


KITCHEN = Scene("#eef1e6", "#d5dcc6")
CANDLES = Scene("#f6e9e1", "#e6cfc1")
GARDEN = Scene("#e4efe8", "#c8dccd")
PAPER = Scene("#e9eef5", "#cdd7e6")
HOME = Scene("#f3ebdc", "#e0d1b5")
PLAY = Scene("#fdeeda", "#f0d6ae")

PICTURES: dict[str, tuple[Scene, Callable[[str], str], str]] = {
    "stoneware-mug-sage": (KITCHEN, kitchen.mug, SAGE),
    "stoneware-mug-terracotta": (KITCHEN, kitchen.mug, TERRACOTTA),
    "stoneware-mug-midnight": (KITCHEN, kitchen.mug, MIDNIGHT),
    "enamel-teapot-midnight": (KITCHEN, kitchen.teapot, MIDNIGHT),
    "enamel-teapot-cream": (KITCHEN, kitchen.teapot, "#efe0c4"),
    "olive-wood-board": (KITCHEN, kitchen.board, WOOD),
    "orchard-bowl": (KITCHEN, kitchen.bowl, TEAL),
    "pantry-jar": (KITCHEN, kitchen.jar, MUSTARD),
    "coffee-press": (KITCHEN, kitchen.coffee_press, BRASS),
    "wildflower-honey": (KITCHEN, kitchen.honey, HONEY),
    "mill-pair": (KITCHEN, kitchen.mills, WALNUT),
    "beech-spoons": (KITCHEN, kitchen.spoons, TERRACOTTA),
    "garden-walk-candle-fig": (CANDLES, candles.jar_candle, SAGE),
    "garden-walk-candle-orange": (CANDLES, candles.jar_candle, "#e6a15c"),
    "garden-walk-candle-cedar": (CANDLES, candles.jar_candle, "#7d8f9c"),
    "beeswax-pillars": (CANDLES, candles.pillars, HONEY),
    "reed-diffuser": (CANDLES, candles.diffuser, ROSE),
    "apothecary-matches": (CANDLES, candles.matches, ROSE),
    "dinner-candles-terracotta": (CANDLES, candles.tapers, TERRACOTTA),
    "dinner-candles-forest": (CANDLES, candles.tapers, FOREST),
    "brass-chamberstick": (CANDLES, candles.candle_holder, BRASS),
    "lavender-sachet": (CANDLES, candles.sachet, LINEN),
    "lamplighter-lantern": (CANDLES, candles.lantern, CHARCOAL),
    "plant-pot": (GARDEN, garden.pot, TERRACOTTA),
    "watering-can-forest": (GARDEN, garden.watering_can, FOREST),
    "watering-can-mustard": (GARDEN, garden.watering_can, MUSTARD),
    "hand-trowel": (GARDEN, garden.trowel, FOREST),
    "meadow-seeds": (GARDEN, garden.seeds, LEAF),
    "bird-house": (GARDEN, garden.bird_house, SKY),
    "plant-mister": (GARDEN, garden.mister, HONEY),
    "rosette-succulent": (GARDEN, garden.succulent, STEEL),
    "hanging-planter": (GARDEN, garden.hanging_planter, TERRACOTTA),
    "garden-twine": (GARDEN, garden.twine, WOOD),
    "dot-grid-notebook-midnight": (PAPER, paper.notebook, MIDNIGHT),
    "dot-grid-notebook-terracotta": (PAPER, paper.notebook, TERRACOTTA),
    "dot-grid-notebook-sage": (PAPER, paper.notebook, SAGE),
    "colour-pencils": (PAPER, paper.pencils, TERRACOTTA),
    "fern-cards": (PAPER, paper.cards, FOREST),
    "wrapping-paper": (PAPER, paper.wrapping_paper, TEAL),
    "paper-tape": (PAPER, paper.washi_tape, SAGE),
    "desk-calendar": (PAPER, paper.calendar, SKY),
    "fountain-pen": (PAPER, paper.fountain_pen, MIDNIGHT),
    "wax-seal-kit": (PAPER, paper.wax_seal, BRICK),
    "quilted-cushion-terracotta": (HOME, home.cushion, TERRACOTTA),
    "quilted-cushion-midnight": (HOME, home.cushion, MIDNIGHT),
    "quilted-cushion-mustard": (HOME, home.cushion, MUSTARD),
    "lambswool-throw-sage": (HOME, home.throw, SAGE),
    "lambswool-throw-rose": (HOME, home.throw, ROSE),
    "linen-tea-towels": (HOME, home.tea_towels, MIDNIGHT),
    "baker-apron": (HOME, home.apron, MIDNIGHT),
    "seagrass-basket": (HOME, home.basket, WOOD),
    "evening-lamp": (HOME, home.table_lamp, TEAL),
    "station-clock": (HOME, home.wall_clock, WALNUT),
    "felt-slippers": (HOME, home.slippers, SLATE),
    "stacking-rainbow": (PLAY, play.rainbow, BRICK),
    "knitted-fox": (PLAY, play.fox, TERRACOTTA),
    "windy-day-kite": (PLAY, play.kite, BRICK),
    "spinning-top": (PLAY, play.spinning_top, BRICK),
    "whale-book": (PLAY, play.picture_book, TEAL),
    "wooden-train": (PLAY, play.train, BRICK),
    "moon-night-light": (PLAY, play.moon_lamp, "#ffe6a3"),
    "bath-boat": (PLAY, play.sailing_boat, BRICK),
}


def draw(name: str) -> str:
    """The picture of this name, as SVG; `KeyError` for one we have not."""
    scene, thing, colour = PICTURES[name]
    return picture(scene.wall, scene.table, thing(colour))


def draw_all(folder: Path = FOLDER) -> None:
    """Write every picture into `folder`, as `<name>.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PICTURES:
        (folder / f"{name}.svg").write_text(draw(name), encoding="utf-8")


if __name__ == "__main__":
    draw_all()
