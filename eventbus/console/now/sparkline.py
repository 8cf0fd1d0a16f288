"""Small bars of what an app did by the minute, on a scale that all apps share."""

from collections.abc import Sequence

#: Pixels of a bar and the gap after it, and of the highest.
BAR, GAP, HEIGHT = 3, 1, 24


def path(done: Sequence[int], most: int) -> str:
    """Return the bars as an SVG path; a minute in which anything was done is seen."""
    bars = []
    for place, count in enumerate(done):
        if count:
            height = max(round(HEIGHT * count / most, 1), 1)
            bars.append(f"M{place * (BAR + GAP)} {HEIGHT}v-{height:g}h{BAR}V{HEIGHT}z")
    return "".join(bars)
