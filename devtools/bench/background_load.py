"""Emits events or places orders in a running system while a measurement goes on.

python -m devtools.bench.background_load backlog COUNT   events that analytics alone reacts to
python -m devtools.bench.background_load history COUNT   events that were published long ago
python -m devtools.bench.background_load orders          an order every two seconds, for good
"""

import argparse
import time
from itertools import count
from uuid import UUID, uuid4

import django

django.setup()

from django.utils import timezone  # noqa: E402 models need Django to be set up
from uuid6 import uuid7  # noqa: E402

from devtools.bench.load import SKUS, details  # noqa: E402
from eventbus.delivery.models import OutboxEvent  # noqa: E402
from eventbus.delivery.outbox import wake_relay  # noqa: E402
from eventbus.envelope import Envelope, traceparent  # noqa: E402
from inventory.services import receive_stock  # noqa: E402
from orders.services import place_order  # noqa: E402

#: Events of a transaction.
BATCH = 200
#: Seconds between two orders.
EVERY = 2.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("backlog", "history", "orders"))
    parser.add_argument("count", type=int, nargs="?", default=0)
    options = parser.parse_args()
    if options.what == "backlog":
        emit_backlog(options.count)
    elif options.what == "history":
        write_history(options.count)
    else:
        place_orders_until_ended()


def emit_backlog(events: int) -> None:
    """Write events to the outbox as the orders app, which owns them, would have."""
    for first in range(0, events, BATCH):
        numbers = range(first, min(first + BATCH, events))
        OutboxEvent.objects.bulk_create(OutboxEvent.of(_completed(number)) for number in numbers)
        wake_relay()


def write_history(events: int) -> None:
    """Write the same events as published before any app was there."""
    for first in range(0, events, BATCH):
        rows = [OutboxEvent.of(_completed(number)) for number in range(first, first + BATCH)]
        for row in rows[: events - first]:
            row.publish_after = row.published_at = row.occurred_at
        OutboxEvent.objects.bulk_create(rows[: events - first])


def _completed(number: int) -> Envelope:
    order, id = str(uuid4()), UUID(bytes=uuid7().bytes)
    about = {"order_id": order, "number": f"backlog-{number}", "customer_id": None}
    data = about | {"total": "1.00", "currency": "EUR"}
    trace = traceparent(id, id)
    return Envelope(id, "orders.OrderCompleted", 1, order, id, None, trace, timezone.now(), data)


def place_orders_until_ended() -> None:
    """Place an order every `EVERY` seconds, until the process is ended."""
    receive_stock({f"bench-{n}": 10_000 for n in range(SKUS)}, reason="bench")
    for number in count():
        place_order(details(number, lines=3), pay_again=False)
        time.sleep(EVERY)


if __name__ == "__main__":
    main()
