"""The run as a picture: orders placed and ended over time, each fault a bar below."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LEFT, RIGHT, TOP = 1000, 150, 20, 30
#: Height of the curves, of a row of bars, and how wide the shortest bar is drawn.
CURVES, ROW, SHORTEST = 260, 16, 3
#: Grid lines along the time, at most.
MOST_TICKS = 12
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600)


@dataclass(frozen=True)
class Bar:
    """A fault: its row's name, what it struck, and when, in seconds."""

    row: str
    target: str
    began: float
    ended: float


def svg(placed: Sequence[float], ended: Sequence[float], bars: Sequence[Bar], calm: float) -> str:
    """Draw it; all in seconds: when orders were placed and ended, and the faults were over."""
    rows = sorted({bar.row for bar in bars})
    until = max([1.0, calm, *placed, *ended, *(bar.ended for bar in bars)])
    height = TOP + CURVES + 40 + ROW * len(rows) + 10
    most = max(len(placed), 1)

    def x(seconds: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * max(seconds, 0) / until

    def y(count: float) -> float:
        return TOP + CURVES * (1 - count / most)

    parts = [
        _grid(x, until, height),
        f'<rect class="calm" x="{x(calm):.1f}" y="{TOP}" '
        f'width="{x(until) - x(calm):.1f}" height="{height - TOP - 10}"/>',
        f'<text class="end" x="{LEFT - 8}" y="{TOP + 4}">{most}</text>',
        f'<text class="end" x="{LEFT - 8}" y="{TOP + CURVES}">0 orders</text>',
        f'<path class="placed" d="{_curve(placed, x, y)}"/>',
        f'<path class="ended" d="{_curve(ended, x, y)}"/>',
        f'<text class="placed" x="{LEFT}" y="16">placed</text>',
        f'<text class="ended" x="{LEFT + 60}" y="16">ended</text>',
        f'<text class="muted" x="{x(calm) + 4:.1f}" y="16">everything is put up again</text>',
        *_rows(rows, bars, x),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="Orders placed and ended over time, and the faults">{"".join(parts)}</svg>'
    )


def _grid(x, until: float, height: float) -> str:
    step = next((s for s in STEPS if until / s <= MOST_TICKS), STEPS[-1])
    ticks = range(0, int(until) + 1, step)
    return "".join(
        f'<line class="grid" x1="{x(t):.1f}" x2="{x(t):.1f}" y1="{TOP}" y2="{height - 10}"/>'
        f'<text class="middle muted" x="{x(t):.1f}" y="{TOP + CURVES + 18}">{t} s</text>'
        for t in ticks
    )


def _curve(times: Sequence[float], x, y) -> str:
    """Return a path that steps up by one at each time."""
    path = f"M{x(0):.1f} {y(0):.1f}"
    for count, seconds in enumerate(sorted(times), start=1):
        path += f"H{x(seconds):.1f}V{y(count):.1f}"
    return path


def _rows(rows: Sequence[str], bars: Sequence[Bar], x) -> list[str]:
    top = TOP + CURVES + 40
    parts = [
        f'<text class="end" x="{LEFT - 8}" y="{top + ROW * number + 9}">{escape(row)}</text>'
        for number, row in enumerate(rows)
    ]
    for bar in bars:
        width = max(x(bar.ended) - x(bar.began), SHORTEST)
        parts.append(
            f'<rect class="fault" x="{x(bar.began):.1f}" y="{top + ROW * rows.index(bar.row)}" '
            f'width="{width:.1f}" height="{ROW - 5}"><title>{escape(bar.row)} '
            f"{escape(bar.target)}: {bar.began:.0f} to {bar.ended:.0f} s</title></rect>"
        )
    return parts
