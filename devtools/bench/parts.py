"""The parts of `make bench`: what each measures, and under which keys its figures go to JSON."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from devtools.bench import checkout, latency, memory, profiles, statements, throughput
from devtools.bench.curves import measuring as curves
from devtools.bench.isolated_run import run_isolated
from devtools.bench.peers import contest
from devtools.bench.spread import shown
from devtools.chaos import rabbitmq

Options = argparse.Namespace
Result = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A part: `measure` returns nothing where it cannot be measured on this machine."""

    question: str
    measure: Callable[[Options], Result]
    table: Callable[[Result], str]
    keys: dict[str, Callable[[Result], float]]


def _throughput(options: Options) -> Result:
    return throughput.measure(options.rounds, options.orders, options.lines)


def _rabbitmq(options: Options) -> Result:
    if not rabbitmq.program():
        print(rabbitmq.MISSING, file=sys.stderr)  # noqa: T201 progress
        return {}
    with rabbitmq.rabbitmq() as server:
        return throughput.measure(options.rounds, options.orders, options.lines, server.url)


def _latency(options: Options) -> Result:
    return latency.measure(options.rounds, options.at_rest, options.lines)


def _statements(options: Options) -> Result:
    return statements.measure(options.orders, options.lines)


def _relay(options: Options) -> Result:
    return json.loads(run_isolated("relay_rate", options.events, options.rounds))


def _relay_table(result: Result) -> str:
    return (
        f"one relay     {shown(result['rate'], 0)} events a second of {result['type']} "
        f"to {result['apps']} apps ({result['events']} at once)"
    )


def _emit(options: Options) -> Result:
    return json.loads(run_isolated("emit_cost", options.events))


def _emit_table(result: Result) -> str:
    return (
        f"emitting      {result['ms']:.2f} ms more: {result['emitting_ms']:.2f} a transaction "
        f"instead of {result['without_ms']:.2f}"
    )


def _checkout(options: Options) -> Result:
    return checkout.measure(options.rounds, options.placed)


def _peers(options: Options) -> Result:
    return contest.measure(
        options.peers.split(","), options.peer_events, options.kills, options.apps, options.quiet
    )


def _memory(options: Options) -> Result:
    return memory.measure(options.rest)


def _profile(options: Options) -> Result:
    folder = options.report or profiles.FOLDER
    return profiles.measure(options.profile_seconds, options.orders, options.lines, folder)


PARTS = {
    "throughput": Part(
        "orders settled a second, each way in turns",
        _throughput,
        throughput.table,
        {
            "ratio": lambda result: result["ratio"],
            "work_ratio": lambda result: result["work_ratio"],
        },
    ),
    "rabbitmq": Part(
        "the same on RabbitMQ",
        _rabbitmq,
        throughput.table,
        {"ratio_rabbitmq": lambda result: result["ratio"]},
    ),
    "latency": Part(
        "from placed to shipped with nothing else to do",
        _latency,
        latency.table,
        {
            "shipped_p50_ms": lambda result: result["choreography"]["p50"],
            "shipped_p95_ms": lambda result: result["choreography"]["p95"],
            "naive_shipped_p50_ms": lambda result: result["naive"]["p50"],
        },
    ),
    "statements": Part(
        "statements and commits of an order under load",
        _statements,
        statements.table,
        {
            "statements_per_order": lambda result: result["statements"],
            "commits_per_order": lambda result: result["commits"],
        },
    ),
    "relay": Part(
        "events a second of one relay",
        _relay,
        _relay_table,
        {"relay_events_per_second": lambda result: result["rate"]["median"]},
    ),
    "emit": Part(
        "what emitting adds to a transaction",
        _emit,
        _emit_table,
        {"emit_ms": lambda result: result["ms"]},
    ),
    "checkout": Part(
        "placing an order with all others up, and with all down", _checkout, checkout.table, {}
    ),
    "peers": Part(
        "the same small job by other ways to tell apps of an event, and what kills cost them",
        _peers,
        contest.table,
        {"peers_lead": contest.lead},
    ),
    "curves": Part(
        "what a reaction costs as backlog, history, lines, apps or workers grow",
        curves.measure,
        curves.table,
        {
            "backlog_growth": lambda result: curves.growth(result["backlog"]),
            "history_growth": lambda result: curves.growth(result["history"]),
        },
    ),
    "memory": Part(
        "memory of all processes at rest",
        _memory,
        memory.table,
        {"memory_mb": lambda result: result["mb"]},
    ),
    "profile": Part("where the time goes", _profile, profiles.table, {}),
}
