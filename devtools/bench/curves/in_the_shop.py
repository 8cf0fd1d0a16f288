"""Curves over the lines of an order and over history: the whole shop."""

import json
import sys

from devtools.bench import throughput
from devtools.bench.curves.on_the_bus import Point
from devtools.bench.isolated_run import run_isolated
from devtools.bench.ways.running import Ways

#: Claims at each size of history.
ROUNDS = 5


def lines_curve(ways: Ways, sizes: list[int], lines: int) -> list[Point]:
    """Return milliseconds of the processors a reaction to orders of so many lines.

    `lines`: of all orders of a size together, at the least two orders.
    """
    with ways.alone("choreography", lines // 10) as system:
        points = []
        for size in sizes:
            print(f"curves: orders of {size} lines", file=sys.stderr)  # noqa: T201 progress
            figures = throughput.one_round(system, "choreography", max(lines // size, 2), size)
            ms = figures["work_ms"] / figures["costs"]["deliveries"]
            points.append({"at": size, "ms": ms, "rate": figures["rate"]})
        return points


def history_curve(rows: int) -> list[Point]:
    """Return milliseconds of claim, check and reaction with so much history, up to `rows`."""
    sizes = json.loads(run_isolated("claim_and_check", rows, ROUNDS))["sizes"]
    return [
        {
            "at": size["rows"],
            "ms": size["react"],
            "claim_ms": size["claim"],
            "check_ms": size["check"],
        }
        for size in sizes
    ]
