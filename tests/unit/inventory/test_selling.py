"""What stock means for a SKU: none left, owed, not counted, or not known."""

from itertools import permutations
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from catalogue.events import SellingChanged
from eventbus.testing import emitted, given, redeliver
from inventory.events import InventoryUpdated, StockRejected, StockReserved
from inventory.models import Stock
from inventory.services import receive_stock
from shop.audit.rules import stock
from tests.unit.inventory.facts import (
    assert_stock_is_the_sum_of_its_movements,
    cancelled,
    level,
    listed,
    placed,
    returned,
    shipped,
)

pytestmark = pytest.mark.django_db


def sold(selling, units=None):
    return SellingChanged(sku="POT", selling=selling, opening_stock=units)


def order(units=3):
    order_id = uuid4()
    given(placed(order_id, [("POT", units)]), to="inventory")
    return order_id


def published():
    newest = emitted(InventoryUpdated)[-1].levels[0]
    return newest.available, newest.selling


@pytest.mark.parametrize("selling", ["untracked", "uncounted"])
def test_what_is_not_counted_is_sold_without_a_hold_and_comes_back_without_one(selling):
    given(listed(selling=selling), to="inventory")
    first, second = order(3), order(4)
    assert len(emitted(StockReserved)) == 2
    given(shipped(first, [("POT", 3)]), returned(first, [("POT", 3)]), to="inventory")
    given(cancelled(second), to="inventory")
    assert level("POT") == (0, 0, 0)
    assert_stock_is_the_sum_of_its_movements()


def test_a_back_order_takes_stock_below_none_until_it_comes_in():
    given(listed(units=2, selling="backorder"), to="inventory")
    order(5)
    assert (level("POT"), published()) == ((-3, 5, 0), (-3, "backorder"))
    receive_stock({"POT": 4}, "delivery")
    assert level("POT") == (1, 5, 0)
    assert_stock_is_the_sum_of_its_movements()


def test_what_back_orders_owe_is_made_good_before_anything_is_promised_again():
    given(listed(selling="backorder"), to="inventory")
    owed = order(5)
    given(sold("tracked"), to="inventory")
    order(1)
    assert [s.available for s in emitted(StockRejected)[0].shortages] == [0]
    receive_stock({"POT": 2}, "delivery")
    order(1)
    assert len(emitted(StockRejected)) == 2
    given(cancelled(owed), to="inventory")
    order(2)
    assert level("POT") == (0, 2, 0)


def test_the_database_itself_lets_nobody_below_what_is_owed():
    given(listed(selling="backorder"), to="inventory")
    order(5)
    given(sold("tracked"), to="inventory")
    receive_stock({"POT": 3}, "delivery")
    for on_hand in (-3, -6):
        with pytest.raises(IntegrityError), transaction.atomic():
            Stock.objects.update(on_hand=on_hand, reserved=3 - on_hand)


def test_what_was_not_counted_is_tracked_once_units_come():
    given(listed(selling="uncounted"), to="inventory")
    receive_stock({"POT": 2}, "counted")
    assert published() == (2, "tracked")
    order(3)
    assert len(emitted(StockRejected)) == 1


def test_a_count_from_a_later_file_is_taken_in_unless_somebody_counted_before():
    given(listed(selling="uncounted"), sold("tracked", 7), to="inventory")
    assert published() == (7, "tracked")
    given(sold("backorder", 9), to="inventory")
    assert published() == (7, "backorder")


@pytest.mark.parametrize("arriving", list(permutations(range(3))))
def test_the_newest_that_was_said_of_it_counts_in_whatever_order_it_arrives(arriving):
    facts = [listed(selling="uncounted"), sold("tracked", 7), sold("backorder")]
    given(*facts, to="analytics")
    redeliver(*(facts[at] for at in arriving), to="inventory")
    assert (published()[1], level("POT")[0]) == ("backorder", 7)


def test_the_audit_knows_back_orders_and_what_is_not_counted():
    given(listed(selling="backorder"), to="inventory")
    order(5)
    Stock.objects.create(sku="FREE", selling="untracked")
    given(placed(uuid4(), [("FREE", 2)]), to="inventory")
    assert not violations()
    with transaction.atomic():
        Stock.objects.filter(sku="POT").update(on_hand=-4, received=1)
        assert violations()


def violations():
    found = []
    with connection.cursor() as cursor:
        for rule in stock.RULES:
            if rule.name.startswith("per product"):
                cursor.execute(rule.violating)
                found += cursor.fetchall()
    return found
