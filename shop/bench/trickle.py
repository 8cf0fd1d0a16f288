"""States things in a running system, as a measurement wants it.

python -m shop.bench.trickle backlog COUNT      so many events that analytics alone reacts to
python -m shop.bench.trickle orders             an order each second, until it is ended
"""

import argparse
import os
import time
from decimal import Decimal
from itertools import count
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
django.setup()

from django.db import transaction  # noqa: E402 models need Django to be set up

from inventory.services import receive_stock  # noqa: E402
from orders.events import OrderCompleted  # noqa: E402
from orders.services import place_order  # noqa: E402
from shop.bench.load import SKUS, draft  # noqa: E402
from shop.bus import emit  # noqa: E402
from shop.bus.outbox import collected  # noqa: E402

#: Events of a transaction.
BATCH = 200
#: Seconds between two orders.
EVERY = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("backlog", "orders"))
    parser.add_argument("count", type=int, nargs="?", default=0)
    options = parser.parse_args()
    if options.what == "backlog":
        state(options.count)
    else:
        order_for_good()


def state(events: int) -> None:
    """State events of orders that nobody has to know of."""
    for first in range(0, events, BATCH):
        with transaction.atomic(), collected():
            for number in range(first, min(first + BATCH, events)):
                emit(_completed(number))


def _completed(number: int) -> OrderCompleted:
    name = f"backlog-{number}"
    return OrderCompleted(
        order_id=uuid4(), number=name, customer_id=None, total=Decimal(1), currency="EUR"
    )


def order_for_good() -> None:
    """Place one order after the other, calmly."""
    receive_stock({f"bench-{n}": 10_000 for n in range(SKUS)}, reason="bench")
    for number in count():
        place_order(draft(number, lines=3))
        time.sleep(EVERY)


if __name__ == "__main__":
    main()
