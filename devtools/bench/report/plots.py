"""Drawings of figures, as SVG."""

from collections.abc import Callable, Iterator
from typing import Any

import pygal

from devtools.bench.curves.measuring import TITLES
from devtools.bench.peers.contest import PEERS
from devtools.bench.ways.running import WAYS

Result = dict[str, Any]
#: No script of somebody else's server in a file that is kept.
STYLE = {"js": [], "width": 720, "height": 360, "show_legend": False}


def plots(part: str, result: Result) -> Iterator[tuple[str, Any]]:
    """Yield what can be drawn of a part's figures, by the name of its file."""
    if part in PLOTS:
        yield from PLOTS[part](result)


def _bars(title: str, values: dict[str, float]) -> Any:
    chart = pygal.HorizontalBar(title=title, print_values=True, **STYLE)
    chart.value_formatter = lambda value: f"{value:,.1f}"
    chart.x_labels = list(values)
    chart.add("", list(values.values()))
    return chart


def _throughput(result: Result) -> Iterator[tuple[str, Any]]:
    ways = {name: of for name, of in result.items() if isinstance(of, dict) and "rate" in of}
    rates = {name: of["rate"]["median"] for name, of in ways.items()}
    yield "rate", _bars("orders settled a second", rates)
    work = {name: of["work_ms"]["median"] for name, of in ways.items()}
    yield "work", _bars("ms of the processors an order", work)


def _latency(result: Result) -> Iterator[tuple[str, Any]]:
    figures = {f"{way}, {name}": result[way][name] for way in WAYS for name in ("p50", "p95")}
    yield "shipped", _bars("ms from placed to shipped, nothing else to do", figures)
    hops = {
        f"{number}. {name}": ms
        for number, hop in enumerate(result["hops"], 1)
        for name, ms in hop.items()
    }
    yield "hops", _bars("ms of each hop", hops)


def _peers(result: Result) -> Iterator[tuple[str, Any]]:
    there = {PEERS[name].title: of for name, of in result.items() if "rate" in of}
    rates = {title: of["rate"] for title, of in there.items()}
    yield "rate", _bars("events a second", rates)
    wrong = {
        f"{title}: {what}": of[what] for title, of in there.items() for what in ("lost", "doubled")
    }
    yield "kills", _bars("rows lost and doubled by kills", wrong)


def _relay(result: Result) -> Iterator[tuple[str, Any]]:
    rates = {f"{name} at work": result[name]["rate"]["median"] for name in ("one", "two")}
    yield "rate", _bars("events a second of relays", rates)


def _curves(result: Result) -> Iterator[tuple[str, Any]]:
    for name, curve in result.items():
        chart = pygal.XY(
            title=f"ms of the processors a reaction, by {TITLES[name]}",
            xrange=(curve[0]["at"], curve[-1]["at"]),
            include_x_axis=True,
            **STYLE,
        )
        chart.add("", [(point["at"], point["ms"]) for point in curve])
        chart.logarithmic = False
        yield name, chart


def _memory(result: Result) -> Iterator[tuple[str, Any]]:
    yield "programs", _bars("MB at rest", result["programs"])


PLOTS: dict[str, Callable[[Result], Iterator[tuple[str, Any]]]] = {
    "throughput": _throughput,
    "rabbitmq": _throughput,
    "latency": _latency,
    "peers": _peers,
    "relay": _relay,
    "lines": _curves,
    "curves": _curves,
    "history": _curves,
    "memory": _memory,
}
