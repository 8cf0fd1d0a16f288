"""How many events a second one relay publishes to every app; prints one JSON object.

python -m devtools.bench.relay_rate EVENTS ROUNDS
"""

import argparse
import json
import sys
import time
from uuid import UUID, uuid4

import django

django.setup()

from django.utils import timezone  # noqa: E402 models need Django to be set up
from uuid6 import uuid7  # noqa: E402

from devtools.bench.spread import spread  # noqa: E402
from eventbus import registry  # noqa: E402
from eventbus.delivery.models import OutboxEvent  # noqa: E402
from eventbus.envelope import Envelope, traceparent  # noqa: E402
from eventbus.messaging.relay_process import RelayLoop  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", type=int)
    parser.add_argument("rounds", type=int)
    options = parser.parse_args()
    type = max(registry.event_types(), key=lambda type: len(apps_of(type)))
    relay, rates = RelayLoop(), []
    for _ in range(options.rounds):
        emit_directly(type, options.events)
        began = time.monotonic()
        published = relay.drain()
        rates.append(published / (time.monotonic() - began))
    figures = {"type": type, "apps": len(apps_of(type)), "events": options.events}
    json.dump(figures | {"rate": spread(rates)}, sys.stdout)


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
