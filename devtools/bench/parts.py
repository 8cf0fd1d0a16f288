"""The parts of `make bench`: what each measures, and under which keys its figures go to JSON."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from devtools.bench import backfill, checkout, latency, memory, profiles, statements, throughput
from devtools.bench.curves import measuring as curves
from devtools.bench.isolated_run import run_in, running_servers_alone
from devtools.bench.peers import contest
from devtools.bench.peers.servers import Servers, running_servers
from devtools.bench.spread import shown
from devtools.bench.ways.running import Ways, running_ways
from devtools.chaos import rabbitmq
from devtools.system import System

Options = argparse.Namespace
Result = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A part: `measure` returns nothing where it cannot be measured on this machine.

    It is given what `within` runs. Parts within the same that follow each other share it.
    """

    question: str
    measure: Callable[[Options, Any], Result]
    table: Callable[[Result], str]
    keys: dict[str, Callable[[Result], float]]
    within: Callable[[], AbstractContextManager[Any]] = nullcontext


@contextmanager
def _ways_on_rabbitmq() -> Iterator[Ways | None]:
    if not rabbitmq.program():
        print(rabbitmq.MISSING, file=sys.stderr)  # noqa: T201 progress
        yield None
        return
    with rabbitmq.rabbitmq() as server, running_ways(BROKER_URL=server.url) as ways:
        yield ways


def _throughput(options: Options, ways: Ways | None) -> Result:
    if ways is None:
        return {}
    return throughput.measure(ways, options.rounds, options.orders, options.lines)


def _latency(options: Options, ways: Ways) -> Result:
    return latency.measure(ways, options.rounds, options.at_rest, options.lines)


def _profile(options: Options, ways: Ways) -> Result:
    folder = options.report or profiles.FOLDER
    return profiles.measure(ways, options.profile_seconds, options.orders, options.lines, folder)


def _statements(options: Options, ways: Ways) -> Result:
    return statements.measure(ways, options.orders, options.lines)


def _memory(options: Options, system: System) -> Result:
    return memory.measure(system, options.rest)


def _checkout(options: Options, system: System) -> Result:
    return checkout.measure(system, options.rounds, options.placed)


def _backfill(options: Options, system: System) -> Result:
    return backfill.measure(system, options.backfill_events, options.calm)


def _relay(options: Options, servers: System) -> Result:
    pids = servers.pid("postgres"), servers.pid("valkey")
    return json.loads(run_in(servers, "relay.rate", options.events, options.rounds, *pids))


def _relay_table(result: Result) -> str:
    lines = [f"{result['events']} events of {result['type']} at once to {result['apps']} apps"]
    return "\n".join([*lines, *(_relays_line(name, result[name]) for name in ("one", "two"))])


def _relays_line(name: str, of: Result) -> str:
    return (
        f"{name:13} {shown(of['rate'], 0)} a second, processors idle {of['idle']:.0f} %; an event "
        f"costs {of['relays']:.2f} ms in relays, {of['PostgreSQL']:.2f} in PostgreSQL, "
        f"{of['Valkey']:.2f} in Valkey"
    )


def _emit(options: Options, servers: System) -> Result:
    return json.loads(run_in(servers, "emit_cost", options.events))


def _emit_table(result: Result) -> str:
    return (
        f"emitting      {result['ms']:.2f} ms more: {result['emitting_ms']:.2f} a transaction "
        f"instead of {result['without_ms']:.2f}"
    )


def _peers(options: Options, servers: Servers) -> Result:
    names = options.peers.split(",")
    return contest.measure(
        servers, names, options.peer_events, options.kills, options.apps, options.quiet
    )


def _curves(options: Options, servers: Servers) -> Result:
    return curves.on_the_bus(options, servers)


def _history(options: Options, _: None) -> Result:
    return curves.by_history(options)


PARTS = {
    "throughput": Part(
        "orders settled a second, each way in turns",
        _throughput,
        throughput.table,
        {
            "ratio": lambda result: result["ratio"],
            "work_ratio": lambda result: result["work_ratio"],
        },
        running_ways,
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
        running_ways,
    ),
    "lines": Part(
        "what a reaction costs as orders have more lines",
        curves.by_lines,
        curves.table,
        {},
        running_ways,
    ),
    "profile": Part("where the time goes", _profile, profiles.table, {}, running_ways),
    "statements": Part(
        "statements and commits of an order under load",
        _statements,
        statements.table,
        {
            "statements_per_order": lambda result: result["statements"],
            "commits_per_order": lambda result: result["commits"],
        },
        running_ways,
    ),
    "rabbitmq": Part(
        "orders settled a second on RabbitMQ, each way in turns",
        _throughput,
        throughput.table,
        {"ratio_rabbitmq": lambda result: result["ratio"]},
        _ways_on_rabbitmq,
    ),
    "memory": Part(
        "memory of all processes at rest",
        _memory,
        memory.table,
        {"memory_mb": lambda result: result["mb"]},
        checkout.running_everything,
    ),
    # Before `checkout`, which leaves all others down.
    "backfill": Part(
        "what other apps notice while one is fed the past",
        _backfill,
        backfill.table,
        {
            "backfill_events_per_second": lambda result: result["rate"],
            "backfill_others_p95_ratio": lambda result: result["p95_ratio"],
        },
        checkout.running_everything,
    ),
    "checkout": Part(
        "placing an order with all others up, and with all down",
        _checkout,
        checkout.table,
        {},
        checkout.running_everything,
    ),
    "relay": Part(
        "events a second of one relay, and of two at once",
        _relay,
        _relay_table,
        {
            "relay_events_per_second": lambda result: result["one"]["rate"]["median"],
            "two_relays_events_per_second": lambda result: result["two"]["rate"]["median"],
        },
        running_servers_alone,
    ),
    "emit": Part(
        "what emitting adds to a transaction",
        _emit,
        _emit_table,
        {"emit_ms": lambda result: result["ms"]},
        running_servers_alone,
    ),
    "peers": Part(
        "the same small job by other ways to tell apps of an event, and what kills cost them",
        _peers,
        contest.table,
        {"peers_lead": contest.lead},
        running_servers,
    ),
    "curves": Part(
        "what a reaction costs as backlog, apps or workers grow",
        _curves,
        curves.table,
        {"backlog_growth": lambda result: curves.growth(result["backlog"])},
        running_servers,
    ),
    "history": Part(
        "what a reaction costs as history grows",
        _history,
        curves.table,
        {"history_growth": lambda result: curves.growth(result["history"])},
    ),
}
