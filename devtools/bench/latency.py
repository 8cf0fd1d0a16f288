"""From placed to shipped with nothing else to do: one order at a time, the ways in turns."""

import sys
from typing import Any

from devtools.bench.hops import medians
from devtools.bench.spread import percentile
from devtools.bench.ways.running import WAYS, Ways, place


def measure(ways: Ways, rounds: int, orders: int, lines: int) -> dict[str, Any]:
    """Place so many orders each way in each round; returns milliseconds until shipped.

    Half as many have ended before those that count: what was suspended is slow at first.
    """
    seen: dict[str, list[float]] = {way: [] for way in WAYS}
    hops: list[list[dict[str, float]]] = []
    for number in range(1, rounds + 1):
        print(f"latency: round {number} of {rounds}", file=sys.stderr)  # noqa: T201 progress
        for way in WAYS:
            with ways.alone(way, orders // 2) as system:
                figures = place(system, way, orders, lines, "--one-by-one")
            seen[way] += figures["shipped_ms"]
            hops += filter(None, figures["hops"])
    return {way: _figures(taken) for way, taken in seen.items()} | {"hops": medians(hops)}


def _figures(taken: list[float]) -> dict[str, float]:
    return {
        "orders": len(taken),
        "p50": percentile(taken, 50),
        "p95": percentile(taken, 95),
        "least": min(taken),
        "most": max(taken),
    }


def table(result: dict[str, Any]) -> str:
    """Return the figures for people."""
    ways = [
        f"{way:13} {of['orders']} orders at rest, ms until shipped: median {of['p50']:.0f}  "
        f"p95 {of['p95']:.0f}  ({of['least']:.0f} to {of['most']:.0f})"
        for way, of in ((way, result[way]) for way in WAYS)
    ]
    hops = [
        f"hop {number}         outbox and relay {of['relay']:.0f} ms, broker and worker "
        f"{of['broker']:.0f}, reaction {of['reaction']:.0f}"
        for number, of in enumerate(result["hops"], 1)
    ]
    return "\n".join([*ways, *hops])
