"""Places orders in a running system and waits until they have ended; prints one JSON object.

python -m devtools.bench.load ORDERS LINES [--way naive] [--one-by-one]
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import django

django.setup()

from django.db import connection  # noqa: E402 models need Django to be set up

from billing.services import tokenize  # noqa: E402
from devtools.bench.costs import costs  # noqa: E402
from devtools.bench.hops import shares  # noqa: E402
from devtools.open_work import OPEN  # noqa: E402
from devtools.shop_client import APPROVED  # noqa: E402
from devtools.waiting import wait_while_progress  # noqa: E402
from inventory.services import receive_stock  # noqa: E402
from orders.events import Address, OrderDetails, OrderLine  # noqa: E402
from orders.models import Order  # noqa: E402
from orders.services import ended, place_order  # noqa: E402

SKUS = 200
#: Seconds without an order ending after which the rest is taken for lost. Orders go through
#: the queues side by side: the first one ends not long before the last, on a slow machine too.
STALL_TIMEOUT = 300
#: Seconds of quiet before an order of which the latency is taken.
PAUSE = 0.3
#: A run's customers are its own.
RUN = uuid4().hex[:8]

Place = Callable[[OrderDetails], Order]
#: Counts what still waits to be done.
Waiting = Callable[[], int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", type=int)
    parser.add_argument("lines", type=int)
    parser.add_argument("--way", choices=WAYS, default="choreography", help="how apps react")
    parser.add_argument("--one-by-one", action="store_true", help="measure the latency at rest")
    options = parser.parse_args()
    place, waiting = WAYS[options.way]()
    receive_stock(
        {f"bench-{n}": options.orders * options.lines for n in range(SKUS)}, reason="bench"
    )
    measure = latencies if options.one_by_one else throughput
    made = [details(number, options.lines) for number in range(options.orders)]
    json.dump(measure(place, waiting, made), sys.stdout)


def _choreography() -> tuple[Place, Waiting]:
    return partial(place_order, pay_again=False), events_and_deliveries_waiting


def _naive() -> tuple[Place, Waiting]:
    # Importing it takes over where events go.
    naive = import_module("devtools.bench.ways.naive")
    return partial(place_order, pay_again=False), naive.tasks_waiting


def _synchronous() -> tuple[Place, Waiting]:
    from devtools.bench.ways import synchronous

    synchronous.take_over()
    # What is placed is done.
    return synchronous.place, lambda: 0


WAYS = {"choreography": _choreography, "naive": _naive, "synchronous": _synchronous}


def throughput(place: Place, waiting: Waiting, made: list[OrderDetails]) -> dict[str, Any]:
    """Place orders one after the other.

    Returns seconds until they are placed, and until all have ended and nothing is left to do;
    and costs.

    `placing_work`: how many of them this process has worked to place them.
    """
    start, before = time.monotonic(), time.process_time()
    ids = [place(each).id for each in made]
    placed, worked = time.monotonic() - start, time.process_time() - before
    settled, done = _wait(ids, waiting, start)
    figures = {"placed": placed, "settled": settled, "orders": len(ids), "ended": done}
    return figures | {"placing_work": worked, "costs": costs()}


def latencies(place: Place, waiting: Waiting, made: list[OrderDetails]) -> dict[str, list[Any]]:
    """Place each order when the one before has ended and nothing is left to do.

    Returns milliseconds until shipped, and where they went, as far as the bus knows.
    """
    taken, hops = [], []
    for each in made:
        time.sleep(PAUSE)
        id = place(each).id
        _wait([id], waiting, time.monotonic())
        order = Order.objects.get(id=id)
        if order.shipped_at:
            taken.append((order.shipped_at - order.placed_at).total_seconds() * 1000)
            hops.append(shares(id))
    return {"shipped_ms": taken, "hops": hops}


def _wait(ids: list[UUID], waiting: Waiting, start: float) -> tuple[float, int]:
    """Wait until these have ended and nothing waits; returns the seconds, and how many ended."""
    (done, _), last = wait_while_progress(
        lambda: (ended(ids), waiting()), lambda seen: seen == (len(ids), 0), STALL_TIMEOUT
    )
    return last - start, done


def events_and_deliveries_waiting() -> int:
    """Count the events that are due and not published, and the deliveries that are open."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN)
        _, events, deliveries = cursor.fetchone()
    return events + deliveries


def details(number: int, lines: int) -> OrderDetails:
    """Return an order of so many lines, by a customer of its own."""
    customer = f"bench-{RUN}-{number}"
    return OrderDetails(
        customer_id=customer,
        email=f"{customer}@example.com",
        currency="EUR",
        card=tokenize(APPROVED, holder=customer),
        ship_to=Address(name="B", line1="1 Way", city="Bench", postcode="1", country="US"),
        lines=[_line(number, line) for line in range(1, lines + 1)],
    )


def _line(number: int, line: int) -> OrderLine:
    sku = f"bench-{(number * 7 + line) % SKUS}"
    return OrderLine(line=line, sku=sku, title=sku, quantity=1, unit_price=Decimal("9.90"))


if __name__ == "__main__":
    main()
