"""All curves, and how flat each is."""

import argparse
from typing import Any

from devtools.bench.curves.in_the_shop import history_curve, lines_curve
from devtools.bench.curves.on_the_bus import Point, apps_curve, backlog_curve, workers_curve
from devtools.bench.peers.servers import Servers
from devtools.bench.ways.running import Ways

BACKLOG = (100, 1_000, 10_000, 100_000)
LINES = (1, 10, 100, 500)
APPS = (1, 3, 9, 30)
WORKERS = (1, 2, 3, 4)
TITLES = {
    "backlog": "messages that wait",
    "history": "rows of history",
    "lines": "lines of an order",
    "apps": "apps that react",
    "workers": "processes of one worker",
}


def on_the_bus(options: argparse.Namespace, servers: Servers) -> dict[str, Any]:
    """Measure what a reaction costs the bus alone, each curve up to its cap among the options."""
    events = options.curve_events
    return {
        "backlog": backlog_curve(servers, _up_to(BACKLOG, options.most_backlog), events),
        "apps": apps_curve(servers, _up_to(APPS, options.most_apps), events),
        "workers": workers_curve(servers, _up_to(WORKERS, options.most_workers), events),
    }


def by_lines(options: argparse.Namespace, ways: Ways) -> dict[str, Any]:
    """Measure what a reaction costs as the orders have more lines."""
    sizes = _up_to(LINES, options.most_lines)
    return {"lines": lines_curve(ways, sizes, options.curve_lines)}


def by_history(options: argparse.Namespace) -> dict[str, Any]:
    """Measure what a reaction costs as history grows."""
    return {"history": history_curve(options.most_history)}


def _up_to(sizes: tuple[int, ...], most: int) -> list[int]:
    return [size for size in sizes if size <= most]


def growth(curve: list[Point]) -> float:
    """Return what a reaction costs at the end of a curve, by what it costs at its beginning."""
    return curve[-1]["ms"] / curve[0]["ms"]


def table(result: dict[str, Any]) -> str:
    """Return the figures for people."""
    return "\n".join(line for name, curve in result.items() for line in _lines(name, curve))


def _lines(name: str, curve: list[Point]) -> list[str]:
    return [
        f"{point['at']:12,.0f} {TITLES[name]:24} {point['ms']:7.2f} ms a reaction  "
        f"x {point['ms'] / curve[0]['ms']:.2f}"
        + (f"  {point['rate']:.1f} a second" if "rate" in point else "")
        for point in curve
    ]
