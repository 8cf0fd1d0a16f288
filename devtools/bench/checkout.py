"""How long placing an order takes, with every other app up, and with none.

Orders are placed over HTTP, one after the other, by way of the shop's own pages. In turns all
workers, the relay and the broker run, or all are stopped. What is timed is the answer to "order",
of a shop that has been quiet for a moment: whether checkout needs the others is the question, not
how many processors there are for all of them.

python -m devtools.bench.checkout [--rounds 4] [--orders 40] [--json]
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count

import psycopg

from devtools.bench.page_forms import PageForms
from devtools.embedded import database_url
from devtools.open_work import OPEN
from devtools.system import ONE_ADDRESS, System, running_system, temporary_state
from devtools.waiting import wait_until
from shop.settings import REACTING_APPS

SKU = "bench"
PRODUCT = f"""\
Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty
{SKU},Bench,{SKU},9.90,1000000
"""
SETTINGS = {
    "SHOP_RUN_EXCLUDE": "demo",
    "PACKING_TIME": "0",
    "CARRIER_TRANSIT": "0",
    "LOG_LEVEL": "WARNING",
    **ONE_ADDRESS,
}
#: Without these and the broker nobody reacts to anything.
OTHERS = [*REACTING_APPS, "relay"]
#: Seconds of quiet before each order, the same whether the others are up or down.
PAUSE = 0.5
#: Seconds in which all that was placed while nobody reacted is caught up with.
SETTLE_WITHIN = 300

_numbers = count(1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devtools.bench.checkout", description=__doc__)
    parser.add_argument("--rounds", type=int, default=4, help="times up and down (4)")
    parser.add_argument("--orders", type=int, default=40, help="orders each time (40)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with running_everything() as system:
        result = measure(system, options.rounds, options.orders)
    print(json.dumps(result) if options.json else table(result))  # noqa: T201 the result


@contextmanager
def running_everything() -> Iterator[System]:
    """Run the shop with all its programs, until the block ends."""
    with temporary_state() as state, running_system(state, **SETTINGS) as system:
        yield system


def measure(system: System, rounds: int, orders: int) -> dict[str, dict[str, float]]:
    """Return milliseconds an order, all others `up` and `down`, of `rounds` times `orders` each.

    Afterwards all others are down.
    """
    times: dict[str, list[float]] = {"up": [], "down": []}
    system.stop_program("flower")
    list_product(system)
    _round(system, max(orders // 4, 1))  # to be warm
    for number in range(1, rounds + 1):
        print(f"checkout: round {number} of {rounds}", file=sys.stderr)  # noqa: T201 progress
        if number > 1:
            _start_others(system)
        times["up"] += _round(system, orders)
        _stop_others(system)
        times["down"] += _round(system, orders, wait=False)
    return {way: _figures(taken) for way, taken in times.items()}


def _round(system: System, orders: int, *, wait: bool = True) -> list[float]:
    return [_placed_in(system, wait=wait) for _ in range(orders)]


def _placed_in(system: System, *, wait: bool = True) -> float:
    """Return the milliseconds in which a new shopper's order is answered."""
    visitor, form = _begin_checkout(system)
    if wait:
        _wait_until_settled(system)
    time.sleep(PAUSE)
    began = time.perf_counter()
    visitor.send("checkout/", form)
    return (time.perf_counter() - began) * 1000


def _begin_checkout(system: System) -> tuple[PageForms, dict[str, str]]:
    """Fill a new shopper's cart; returns their forms, and the checkout form filled in."""
    visitor = PageForms(system.url)
    product = f"products/{SKU}/{SKU}/"
    visitor.send(product, visitor.form(product, "add"))
    form = visitor.form("checkout/?sample", "checkout")
    return visitor, form | {"email": f"bench-{next(_numbers)}@example.com"}


def list_product(system: System) -> None:
    """List a product with plenty of stock."""
    file = system.state / "bench.csv"
    file.write_text(PRODUCT)
    imported = system.manage("import_products", str(file))
    if imported.returncode:
        raise RuntimeError(imported.stderr)
    stocked = f"select count(*) from catalogue_availability where sku = '{SKU}'"
    wait_until(lambda: any(_counts(system, stocked)), SETTLE_WITHIN, "the product's stock")


def _stop_others(system: System) -> None:
    _wait_until_settled(system)
    system.stop_program(*OTHERS)
    system.stop_program("valkey")


def _start_others(system: System) -> None:
    system.start_program("valkey")
    system.start_program(*OTHERS)
    _wait_until_settled(system)


def _wait_until_settled(system: System) -> None:
    wait_until(lambda: not any(_counts(system, OPEN)), SETTLE_WITHIN, "all is settled")


def _counts(system: System, query: str) -> tuple[int, ...]:
    with closing(psycopg.connect(database_url(system.state), autocommit=True)) as connection:
        return connection.execute(query).fetchall()[0]


def _figures(times: list[float]) -> dict[str, float]:
    return {
        "orders": len(times),
        "median": statistics.median(times),
        "p95": statistics.quantiles(times, n=20)[-1],
    }


def table(result: dict[str, dict[str, float]]) -> str:
    """Return the figures for people, and how the 95th percentiles compare."""
    lines = [
        f"others {way:5} {figures['orders']:4.0f} orders placed, ms each: "
        f"median {figures['median']:6.1f}  p95 {figures['p95']:6.1f}"
        for way, figures in result.items()
    ]
    ratio = result["down"]["p95"] / result["up"]["p95"]
    return "\n".join([*lines, f"p95 down to up {ratio:7.2f}"])


if __name__ == "__main__":
    main()
