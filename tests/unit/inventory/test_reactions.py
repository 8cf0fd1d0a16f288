"""What happens to stock when an order is placed, given up, shipped, returned."""

from uuid import uuid4

import pytest

from eventbus.testing import emitted, given, redeliver
from inventory.events import (
    InventoryUpdated,
    Shortage,
    StockLevel,
    StockLow,
    StockRejected,
    StockReserved,
)
from inventory.models import ReservationLine, Stock
from inventory.services import receive_stock
from tests.unit.inventory.facts import (
    assert_stock_is_the_sum_of_its_movements,
    cancelled,
    failed,
    level,
    listed,
    placed,
    returned,
    shipped,
    state_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stock(settings):
    """Ten mugs and ten teas; five are few."""
    settings.LOW_STOCK = 5
    receive_stock({"MUG": 10, "TEA": 10}, "first delivery")


@pytest.fixture
def order_id():
    return uuid4()


def held(order_id):
    return {line.sku: line.quantity for line in emitted(StockReserved, order_id=order_id)[0].lines}


def test_a_placed_order_holds_all_its_units(order_id):
    given(placed(order_id, [("MUG", 2), ("TEA", 3)]), to="inventory")
    assert held(order_id) == {"MUG": 2, "TEA": 3}
    assert (level("MUG"), level("TEA")) == ((8, 2, 0), (7, 3, 0))


def test_lines_of_the_same_sku_are_added_up(order_id):
    given(placed(order_id, [("MUG", 6), ("TEA", 1), ("MUG", 4)]), to="inventory")
    assert held(order_id) == {"MUG": 10, "TEA": 1}
    assert level("MUG") == (0, 10, 0)


def test_lines_of_the_same_sku_are_refused_together(order_id):
    given(placed(order_id, [("MUG", 6), ("MUG", 5)]), to="inventory")
    assert emitted(StockRejected)[0].shortages == (Shortage(sku="MUG", wanted=11, available=10),)


def test_an_order_gets_all_its_lines_or_nothing(order_id):
    given(placed(order_id, [("TEA", 1), ("MUG", 11)]), to="inventory")
    assert [(e.order_id, e.shortages) for e in emitted(StockRejected)] == [
        (order_id, (Shortage(sku="MUG", wanted=11, available=10),))
    ]
    assert not emitted(StockReserved)
    assert (level("MUG"), level("TEA")) == ((10, 0, 0), (10, 0, 0))
    assert not ReservationLine.objects.exists()


def test_a_rejected_order_stays_rejected(order_id):
    given(placed(order_id, [("MUG", 11)]), cancelled(order_id), to="inventory")
    assert state_of(order_id) == "rejected"
    assert level("MUG") == (10, 0, 0)


def test_what_is_available_now_is_emitted_with_each_change(order_id):
    given(placed(order_id, [("TEA", 3), ("MUG", 2)]), to="inventory")
    assert emitted(InventoryUpdated)[-1].levels == (
        StockLevel(sku="MUG", available=8, revision=2),
        StockLevel(sku="TEA", available=7, revision=2),
    )


def test_a_sale_changes_nothing_that_could_be_promised(order_id):
    given(placed(order_id, [("MUG", 2)]), to="inventory")
    before = len(emitted(InventoryUpdated))
    given(shipped(order_id, [("MUG", 2)]), to="inventory")
    assert len(emitted(InventoryUpdated)) == before


def test_low_stock_is_emitted_once_per_crossing():
    first, second = uuid4(), uuid4()
    given(placed(first, [("MUG", 5), ("TEA", 4)]), to="inventory")
    assert [(e.sku, e.available, e.threshold) for e in emitted(StockLow)] == [("MUG", 5, 5)]
    given(placed(second, [("MUG", 1)]), to="inventory")
    assert len(emitted(StockLow)) == 1
    given(cancelled(first), to="inventory")
    given(placed(uuid4(), [("MUG", 6)]), to="inventory")
    assert [(e.sku, e.available) for e in emitted(StockLow)] == [("MUG", 5), ("MUG", 3)]


def test_an_order_given_up_gives_its_units_back(order_id):
    given(placed(order_id, [("MUG", 2)]), cancelled(order_id), to="inventory")
    assert (state_of(order_id), level("MUG")) == ("released", (10, 0, 0))


def test_a_refused_payment_keeps_the_units_for_another_card(order_id):
    given(placed(order_id, [("MUG", 2)]), failed(order_id), to="inventory")
    assert state_of(order_id) == "held"


def test_an_order_given_up_before_it_was_seen_never_holds_anything(order_id):
    given(cancelled(order_id), placed(order_id, [("MUG", 2)]), to="inventory")
    assert not emitted(StockReserved)
    assert not emitted(StockRejected)
    assert (state_of(order_id), level("MUG")) == ("released", (10, 0, 0))


def test_a_parcel_turns_held_units_into_sold_ones(order_id):
    given(placed(order_id, [("MUG", 2), ("TEA", 3)]), to="inventory")
    given(shipped(order_id, [("MUG", 1), ("TEA", 3)]), to="inventory")
    assert state_of(order_id) == "partly_sold"
    assert (level("MUG"), level("TEA")) == ((8, 1, 1), (7, 0, 3))
    given(shipped(order_id, [("MUG", 1)]), to="inventory")
    assert (state_of(order_id), level("MUG")) == ("sold", (8, 0, 2))


def test_the_rest_of_a_partly_shipped_order_can_be_given_up(order_id):
    given(placed(order_id, [("MUG", 5)]), shipped(order_id, [("MUG", 2)]), to="inventory")
    given(cancelled(order_id), to="inventory")
    assert (state_of(order_id), level("MUG")) == ("released", (8, 0, 2))


def test_a_parcel_of_an_order_never_seen_is_tried_again_later(order_id):
    with pytest.raises(AssertionError, match="DoesNotExist"):
        given(shipped(order_id, [("MUG", 1)]), to="inventory")


def test_a_parcel_with_more_than_the_order_holds_is_a_fault(order_id):
    given(placed(order_id, [("MUG", 1)]), to="inventory")
    with pytest.raises(AssertionError, match="NotPromised"):
        given(shipped(order_id, [("MUG", 2)]), to="inventory")
    assert level("MUG") == (9, 1, 0)


def test_returned_units_can_be_promised_again(order_id):
    given(placed(order_id, [("MUG", 3)]), shipped(order_id, [("MUG", 3)]), to="inventory")
    back = returned(order_id, [("MUG", 1), ("MUG", 1)])
    given(back, to="inventory")
    redeliver(back, to="inventory")
    assert level("MUG") == (9, 0, 1)
    assert emitted(InventoryUpdated)[-1].levels[0].available == 9
    assert_stock_is_the_sum_of_its_movements()


def test_a_new_variant_opens_with_the_stock_its_file_declared():
    given(listed("NEW", 7), to="inventory")
    assert level("NEW") == (7, 0, 0)
    assert emitted(InventoryUpdated)[-1].levels == (StockLevel(sku="NEW", available=7, revision=1),)


def test_a_new_variant_without_stock_is_known_to_have_none():
    given(listed("NEW", 0), to="inventory")
    assert emitted(InventoryUpdated)[-1].levels == (StockLevel(sku="NEW", available=0, revision=1),)
    assert not emitted(StockLow)


def test_a_known_variant_keeps_its_stock():
    given(listed("MUG", 7), listed("NEW", 1), listed("NEW", 5), to="inventory")
    assert (level("MUG"), level("NEW")) == ((10, 0, 0), (1, 0, 0))
    assert Stock.objects.get(sku="MUG").revision == 1


def test_an_order_of_many_lines_costs_no_query_per_line(django_assert_max_num_queries, order_id):
    lines = [(f"SKU{i:03}", 1) for i in range(300)]
    receive_stock(dict(lines), "many")
    with django_assert_max_num_queries(25):
        given(placed(order_id, lines), to="inventory")
    with django_assert_max_num_queries(25):
        given(shipped(order_id, lines[:200]), to="inventory")
    with django_assert_max_num_queries(25):
        given(cancelled(order_id), to="inventory")
    assert_stock_is_the_sum_of_its_movements()
