"""Goods that come in, and counts put right."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from eventbus.testing import emitted, given
from inventory.errors import (
    LedgerIsFinal,
    NotEnoughStock,
    NothingReceived,
    UnknownSku,
)
from inventory.events import InventoryUpdated, StockLevel, StockLow
from inventory.models import Movement, Stock
from inventory.services import adjust_stock, count_none, receive_stock, stock_of
from tests.unit.inventory.facts import assert_stock_is_the_sum_of_its_movements, level, placed

pytestmark = pytest.mark.django_db


def test_received_units_are_added_to_known_and_new_skus():
    assert receive_stock({"TEA": 2}, "delivery")
    assert receive_stock({"TEA": 3, "MUG": 4}, "delivery")
    assert (level("TEA"), level("MUG")) == ((5, 0, 0), (4, 0, 0))
    assert emitted(InventoryUpdated)[-1].levels == (
        StockLevel(sku="MUG", available=4, revision=1),
        StockLevel(sku="TEA", available=5, revision=2),
    )


def test_many_skus_come_in_with_a_handful_of_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        receive_stock({f"SKU{i}": i + 1 for i in range(1500)}, "replay", reference="day 1")
    assert Stock.objects.count() == 1500
    assert len(emitted(InventoryUpdated)) == 1


def test_one_reference_is_taken_in_once():
    assert receive_stock({"TEA": 2}, "delivery", reference="D-1")
    assert not receive_stock({"TEA": 2}, "delivery", reference="D-1")
    assert receive_stock({"TEA": 2}, "delivery", reference="D-2")
    assert level("TEA") == (4, 0, 0)


def test_nothing_comes_in_unless_every_count_is_above_zero():
    with pytest.raises(NothingReceived, match="MUG, TEA"):
        receive_stock({"TEA": -1, "MUG": 0, "POT": 1}, "delivery", reference="D-1")
    assert not Stock.objects.exists()
    assert receive_stock({"POT": 1}, "delivery", reference="D-1")


@pytest.mark.parametrize(("delta", "left"), [(3, 13), (-10, 0)])
def test_a_count_is_put_right_with_a_reason_and_a_name(delta, left):
    receive_stock({"TEA": 10}, "delivery")
    adjust_stock("TEA", delta, "stocktaking", by="anna")
    stock = Stock.objects.get(sku="TEA")
    assert (stock.received, stock.on_hand) == (left, left)
    movement = Movement.objects.get(kind="adjusted")
    assert (movement.quantity, movement.reason, movement.by) == (delta, "stocktaking", "anna")
    assert emitted(InventoryUpdated)[-1].levels[0].available == left


def test_promised_units_cannot_be_taken_away():
    receive_stock({"TEA": 10}, "delivery")
    given(placed(uuid4(), [("TEA", 4)]), to="inventory")
    with pytest.raises(NotEnoughStock, match="TEA: 7 wanted, 6 available"):
        adjust_stock("TEA", -7, "stocktaking", by="anna")
    assert level("TEA") == (6, 4, 0)
    assert_stock_is_the_sum_of_its_movements()


@pytest.mark.parametrize("delta", [1, -1])
def test_a_sku_never_taken_in_cannot_be_adjusted(delta):
    with pytest.raises(UnknownSku, match="TEA"):
        adjust_stock("TEA", delta, "stocktaking", by="anna")


def test_an_adjustment_may_leave_few(settings):
    settings.LOW_STOCK = 5
    receive_stock({"TEA": 10}, "delivery")
    adjust_stock("TEA", -5, "broken", by="anna")
    assert [(e.sku, e.available) for e in emitted(StockLow)] == [("TEA", 5)]


def test_a_booked_movement_stays_as_it_is():
    receive_stock({"TEA": 10}, "delivery")
    movement = Movement.objects.get()
    with pytest.raises(LedgerIsFinal):
        movement.save()
    with pytest.raises(LedgerIsFinal):
        movement.delete()
    for change in (lambda rows: rows.update(quantity=1), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            change(Movement.objects.all())


@pytest.mark.parametrize(
    "columns",
    [
        {"on_hand": -1, "reserved": 11},
        {"reserved": -1, "on_hand": 11},
        {"sold": -1, "on_hand": 11},
        {"on_hand": 9},
    ],
)
def test_the_database_refuses_stock_that_does_not_add_up(columns):
    receive_stock({"TEA": 10}, "delivery")
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.update(**columns)


def test_goods_counted_as_none_are_refused_at_once_and_what_was_counted_stays():
    receive_stock({"MUG": 3}, "delivery")
    count_none(["MUG", "TEA"], "nothing came")
    count_none(["TEA"], "nothing came")
    assert (stock_of("MUG").on_hand, stock_of("TEA").on_hand) == (3, 0)
    assert Movement.objects.filter(sku="TEA").count() == 1
