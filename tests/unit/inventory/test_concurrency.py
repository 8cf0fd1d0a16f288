"""Workers side by side, each with a connection of its own, fighting over the last units."""

from functools import partial
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import transaction

from devtools.waiting import wait_until
from eventbus.delivery.runner import handle
from eventbus.testing import emitted
from inventory.events import StockRejected, StockReserved
from inventory.models import ReservationLine, Stock
from inventory.services import receive_stock
from tests.unit.inventory.facts import (
    assert_stock_is_the_sum_of_its_movements,
    cancelled,
    level,
    placed,
    shipped,
)
from tests.workers import at_once, messages, side_by_side, somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)

SKUS = [f"SKU{i:02}" for i in range(20)]


@pytest.mark.parametrize("workers", [2, 4])
def test_the_last_units_are_promised_once(workers):
    receive_stock({"MUG": 7}, "delivery")
    waiting = messages(*(placed(uuid4(), [("MUG", 2)]) for _ in range(12)))
    side_by_side("inventory", (waiting[i::workers] for i in range(workers)))
    assert (len(emitted(StockReserved)), len(emitted(StockRejected))) == (3, 9)
    assert level("MUG") == (1, 6, 0)
    assert_stock_is_the_sum_of_its_movements()


def test_opposite_orders_of_lines_do_not_lock_each_other_out():
    receive_stock(dict.fromkeys(SKUS, 100), "delivery")
    one = messages(*(placed(uuid4(), [(sku, 1) for sku in SKUS]) for _ in range(15)))
    other = messages(*(placed(uuid4(), [(sku, 1) for sku in reversed(SKUS)]) for _ in range(15)))
    side_by_side("inventory", [one, other])
    assert {level(sku) for sku in SKUS} == {(70, 30, 0)}


def test_who_waits_for_the_first_sku_has_locked_no_other():
    receive_stock(dict.fromkeys(SKUS, 100), "delivery")
    [message] = messages(placed(uuid4(), [(sku, 1) for sku in reversed(SKUS)]))
    worker = Thread(target=at_once, args=[partial(handle, "inventory", [message])])
    with transaction.atomic():
        Stock.objects.select_for_update().get(sku=SKUS[0])
        worker.start()
        wait_until(somebody_waits, 120, "the worker waits for the lock")
        others = Stock.objects.exclude(sku=SKUS[0]).select_for_update(skip_locked=True)
        assert len(others) == len(SKUS) - 1
    worker.join()
    assert {level(sku) for sku in SKUS} == {(99, 1, 0)}


def test_copies_of_one_message_hold_its_units_once():
    receive_stock({"MUG": 9}, "delivery")
    [message] = messages(placed(uuid4(), [("MUG", 2)]))
    side_by_side("inventory", [[message]] * 3)
    assert level("MUG") == (7, 2, 0)


def test_an_order_cancelled_while_it_is_placed_holds_nothing():
    receive_stock({"MUG": 9}, "delivery")
    orders = [uuid4() for _ in range(10)]
    places = messages(*(placed(order, [("MUG", 1)]) for order in orders))
    cancels = messages(*(cancelled(order) for order in orders))
    side_by_side("inventory", [places, cancels])
    assert level("MUG") == (9, 0, 0)


def test_parcels_of_one_order_are_sold_side_by_side():
    receive_stock({"MUG": 8}, "delivery")
    order = uuid4()
    side_by_side("inventory", [messages(placed(order, [("MUG", 8)]))])
    side_by_side("inventory", [messages(shipped(order, [("MUG", 1)])) for _ in range(4)])
    assert level("MUG") == (0, 4, 4)
    assert ReservationLine.objects.get().shipped == 4
    assert_stock_is_the_sum_of_its_movements()


def test_one_delivery_of_goods_is_taken_in_once():
    """Two people book the same reference at the same moment."""
    start, taken = Barrier(2, timeout=30), []

    def book() -> None:
        start.wait()
        taken.append(receive_stock({"MUG": 5, "TEA": 1}, "delivery", reference="D-1"))

    at_once(book, book)
    assert sorted(taken) == [False, True]
    assert (level("MUG"), level("TEA")) == ((5, 0, 0), (1, 0, 0))
