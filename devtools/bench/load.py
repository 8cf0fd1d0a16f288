"""Places orders in a running system and waits until they have ended; prints one JSON object.

python -m devtools.bench.load ORDERS LINES [--naive]
"""

import argparse
import json
import sys
import time
from decimal import Decimal
from typing import Any

import django

django.setup()

from billing.services import tokenize  # noqa: E402 models need Django to be set up
from devtools.bench.costs import costs  # noqa: E402
from inventory.services import receive_stock  # noqa: E402
from orders.events import Address, OrderDetails, OrderLine  # noqa: E402
from orders.services import ended, place_order  # noqa: E402

SKUS = 200
#: Seconds without an order ending after which the rest is taken for lost. Orders go through
#: the queues side by side: the first one ends not long before the last, on a slow machine too.
PATIENCE = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", type=int)
    parser.add_argument("lines", type=int)
    parser.add_argument("--naive", action="store_true", help="send events the naive way")
    options = parser.parse_args()
    if options.naive:
        from devtools.bench import naive

        naive.take_over()
    json.dump(measure(options.orders, options.lines), sys.stdout)


def measure(orders: int, lines: int) -> dict[str, Any]:
    """Place orders of `lines` lines; returns seconds until placed and until ended, and costs.

    `placing_work`: how many of them this process has worked to place them.
    """
    receive_stock({f"bench-{n}": orders * lines for n in range(SKUS)}, reason="bench")
    made = [details(number, lines) for number in range(orders)]
    start, before = time.monotonic(), time.process_time()
    ids = [place_order(each, pay_again=False).id for each in made]
    placed, worked = time.monotonic() - start, time.process_time() - before
    settled, done = _wait(ids, start)
    figures = {"placed": placed, "settled": settled, "orders": orders, "ended": done}
    figures |= {"placing_work": worked}
    return figures | {"costs": costs(orders)}


def _wait(ids: list, start: float) -> tuple[float, int]:
    done, last = 0, time.monotonic()
    while done < len(ids) and time.monotonic() - last < PATIENCE:
        time.sleep(0.1)
        count = ended(ids)
        if count > done:
            done, last = count, time.monotonic()
    return last - start, done


def details(number: int, lines: int) -> OrderDetails:
    """Return an order of so many lines, by a customer of its own."""
    customer = f"bench-{number}"
    return OrderDetails(
        customer_id=customer,
        email=f"{customer}@example.com",
        currency="EUR",
        card=tokenize("4242 4242 4242 4242", holder=customer),
        ship_to=Address(name="B", line1="1 Way", city="Bench", postcode="1", country="US"),
        lines=[_line(number, line) for line in range(1, lines + 1)],
    )


def _line(number: int, line: int) -> OrderLine:
    sku = f"bench-{(number * 7 + line) % SKUS}"
    return OrderLine(line=line, sku=sku, title=sku, quantity=1, unit_price=Decimal("9.90"))


if __name__ == "__main__":
    main()
