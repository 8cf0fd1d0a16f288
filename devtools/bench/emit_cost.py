"""What emitting an event adds to the transaction that emits it; prints one JSON object.

python -m devtools.bench.emit_cost TRANSACTIONS
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from uuid import uuid4

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 models need Django to be set up

from eventbus.testing import emit  # noqa: E402
from orders.events import OrderCompleted  # noqa: E402

#: Transactions of each kind before the first that counts.
WARM_UP = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("transactions", type=int)
    options = parser.parse_args()
    with connection.cursor() as cursor:
        cursor.execute("create table bench_row (number int)")
    without, emitting = [], []
    for number in range(WARM_UP + options.transactions):
        taken = _time(_nothing), _time(_emit)
        if number >= WARM_UP:
            without.append(taken[0])
            emitting.append(taken[1])
    medians = statistics.median(without), statistics.median(emitting)
    figures = {"without_ms": medians[0], "emitting_ms": medians[1], "ms": medians[1] - medians[0]}
    json.dump(figures, sys.stdout)


def _time(then: Callable[[], None]) -> float:
    """Return the milliseconds of a transaction that writes a row and then does this."""
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("insert into bench_row values (1)")
        then()
    return (time.perf_counter() - began) * 1000


def _nothing() -> None:
    """Leave the transaction as it is."""


def _emit() -> None:
    emit(
        OrderCompleted(
            order_id=uuid4(), number="bench", customer_id=None, total="1.00", currency="EUR"
        )
    )


if __name__ == "__main__":
    main()
