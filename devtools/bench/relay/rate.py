"""How many events a second one relay, and two at once, publish to every app; prints a JSON object.

python -m devtools.bench.relay.rate EVENTS ROUNDS PID-OF-POSTGRESQL PID-OF-VALKEY
"""

import argparse
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID, uuid4

import django
import psutil

django.setup()

from django.utils import timezone  # noqa: E402 models need Django to be set up
from uuid6 import uuid7  # noqa: E402

from devtools.bench.cpu_time import cpu_seconds_of_tree  # noqa: E402
from devtools.bench.relay.draining import drain  # noqa: E402
from devtools.bench.spread import spread  # noqa: E402
from eventbus import registry  # noqa: E402
from eventbus.delivery.models import OutboxEvent  # noqa: E402
from eventbus.envelope import Envelope, traceparent  # noqa: E402

#: How many relays at once, by what the figures call them.
RELAYS = {"one": 1, "two": 2}
#: Relays have what this process has imported.
FORK = multiprocessing.get_context("fork")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("events", "rounds", "postgres", "valkey"):
        parser.add_argument(name, type=int)
    options = parser.parse_args()
    servers = {"PostgreSQL": options.postgres, "Valkey": options.valkey}
    type = max(registry.event_types(), key=lambda type: len(apps_of(type)))
    seen: dict[str, list[dict[str, float]]] = {name: [] for name in RELAYS}
    with _relays(max(RELAYS.values())) as relays:
        for _ in range(options.rounds):
            for name, count in RELAYS.items():
                emit_directly(type, options.events)
                seen[name].append(_drain(relays[:count], servers))
    figures = {name: _figures(rounds) for name, rounds in seen.items()}
    about = {"type": type, "apps": len(apps_of(type)), "events": options.events}
    json.dump(about | figures, sys.stdout)


@contextmanager
def _relays(count: int) -> Iterator[list[Connection]]:
    """Run so many relays, ready, that publish when they are asked to."""
    relays = [_relay() for _ in range(count)]
    for relay in relays:
        relay.recv()
    yield relays
    for relay in relays:
        relay.send(False)


def _relay() -> Connection:
    ours, its = FORK.Pipe()
    FORK.Process(target=drain, args=[its], daemon=True).start()
    its.close()
    return ours


def _drain(relays: list[Connection], servers: dict[str, int]) -> dict[str, float]:
    """Have relays publish all there is; returns events a second, and by whom the time was used."""
    worked = {name: cpu_seconds_of_tree(pid) for name, pid in servers.items()}
    psutil.cpu_times_percent()
    began = time.monotonic()
    for relay in relays:
        relay.send(True)
    answers = [relay.recv() for relay in relays]
    seconds = time.monotonic() - began
    machine = psutil.cpu_times_percent()
    worked = {name: cpu_seconds_of_tree(pid) - worked[name] for name, pid in servers.items()}
    worked["relays"] = sum(answer["worked"] for answer in answers)
    published = sum(answer["published"] for answer in answers)
    ms = {name: each * 1000 / published for name, each in worked.items()}
    return {"rate": published / seconds, "idle": machine.idle + machine.iowait, **ms}


def _figures(rounds: list[dict[str, float]]) -> dict[str, Any]:
    """Return the rate with its spread, and medians of the rest."""
    medians = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    return medians | {"rate": spread([each["rate"] for each in rounds])}


def apps_of(type: str) -> set[str]:
    """Return the apps that react to an event."""
    return {reaction.app for reaction in registry.reactions_to(type)}


def emit_directly(type: str, events: int) -> None:
    """Write events into the outbox past the app that owns them."""
    OutboxEvent.objects.bulk_create(OutboxEvent.of(_envelope(type)) for _ in range(events))


def _envelope(type: str) -> Envelope:
    id = UUID(bytes=uuid7().bytes)
    trace = traceparent(id, id)
    return Envelope(id, type, 1, str(uuid4()), id, None, trace, timezone.now(), {"note": "x" * 400})


if __name__ == "__main__":
    main()
