"""Orders settled a second by the choreography, naive Celery, and one synchronous request."""

import sys
from typing import Any

from devtools.bench.cpu_time import cpu_seconds_below
from devtools.bench.spread import shown, spread
from devtools.bench.ways.running import WAYS, Ways, place
from devtools.system import System

Rounds = dict[str, list[dict[str, Any]]]

_COSTS = (
    "an order      {events:6.1f} events, {deliveries:.1f} deliveries, {messages:.1f} messages, "
    "{bytes:.0f} bytes of rows"
)


def measure(ways: Ways, rounds: int, orders: int, lines: int) -> dict[str, Any]:
    """Run each way in each round.

    Returns orders a second and milliseconds of processor time an order for each way, medians with
    spread, and the choreography's ratios to the naive way.
    """
    seen: Rounds = {way: [] for way in WAYS}
    for number in range(1, rounds + 1):
        print(f"throughput: round {number} of {rounds}", file=sys.stderr)  # noqa: T201 progress
        for way in WAYS:
            with ways.alone(way, orders // 10) as system:
                seen[way].append(one_round(system, way, orders, lines))
    return _figures(seen)


def one_round(system: System, way: str, orders: int, lines: int) -> dict[str, Any]:
    """Place orders one way; returns `load`'s figures, orders a second and their processor time."""
    before = cpu_seconds_below()
    figures = place(system, way, orders, lines)
    worked = cpu_seconds_below() - before + figures["placing_work"]
    return figures | {
        "rate": figures["ended"] / figures["settled"],
        "work_ms": worked * 1000 / max(figures["ended"], 1),
    }


def _figures(seen: Rounds) -> dict[str, Any]:
    ways = {way: _figures_of(rounds) for way, rounds in seen.items()}
    ours, naive = ways["choreography"], ways["naive"]
    return {
        **ways,
        "ratio": ours["rate"]["median"] / naive["rate"]["median"],
        "work_ratio": naive["work_ms"]["median"] / ours["work_ms"]["median"],
        "costs": seen["choreography"][-1]["costs"],
    }


def _figures_of(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "rate": spread([each["rate"] for each in rounds]),
        "work_ms": spread([each["work_ms"] for each in rounds]),
        "orders": sum(each["orders"] for each in rounds),
        "ended": sum(each["ended"] for each in rounds),
    }


def table(result: dict[str, Any]) -> str:
    """Return the figures for people."""
    lines = [
        f"{way:13} {shown(result[way]['rate'])} orders settled per second, "
        f"{shown(result[way]['work_ms'], 0)} ms of the processors each, "
        f"{result[way]['ended']} of {result[way]['orders']} ended"
        for way in WAYS
    ]
    ratio = f"ratio         {result['ratio']:6.2f}, of work {result['work_ratio']:.2f}"
    return "\n".join([*lines, ratio, _COSTS.format(**result["costs"])])
