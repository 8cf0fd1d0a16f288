"""`make pictures`: the README's pictures, chosen from those the browser tests have kept."""

import sys

from PIL import Image

from devtools.system import PROJECT
from tests.system.browser.pictures import CHOSEN, PICTURES

SHOWN = PROJECT / "docs" / "pictures"

#: How much of a long page is shown, in parts of its width: a phone's screen, a desktop's.
PHONE, DESKTOP = 2.16, 0.7


def main() -> int:
    """Write the pictures; returns the exit status."""
    missing = [name for name, _ in CHOSEN.values() if not (PICTURES / f"{name}.png").exists()]
    if missing:
        sys.stderr.write(f"Run the browser tests first: there is no {', '.join(missing)}.\n")
        return 1
    SHOWN.mkdir(exist_ok=True)
    for shown, (name, width) in CHOSEN.items():
        _top_of(Image.open(PICTURES / f"{name}.png"), width).save(SHOWN / f"{shown}.webp")
    return 0


def _top_of(page: Image.Image, width: int) -> Image.Image:
    """The first screen of a page."""
    tall = round(page.width * (PHONE if page.width < 600 else DESKTOP))
    first = page.convert("RGB").crop((0, 0, page.width, min(page.height, tall)))
    return first.resize((width, round(first.height * width / page.width)))


if __name__ == "__main__":
    sys.exit(main())
