"""Orders and parcels that waited together."""

from uuid import uuid4

import pytest
from django.utils import timezone

from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted, given, given_together
from inventory.events import InventoryUpdated, StockRejected, StockReserved
from inventory.models import Movement, ReservationLine, Stock, StockReservation
from inventory.services import receive_stock
from orders.events import GoodsReleased
from tests.both_ways import assert_same_rows
from tests.builders import order_lines
from tests.unit.inventory.facts import (
    assert_stock_is_the_sum_of_its_movements,
    level,
    listed,
    placed,
    shipped,
    state_of,
)

pytestmark = pytest.mark.django_db

TABLES = [Stock, StockReservation, ReservationLine, Movement]


def test_orders_get_units_in_the_order_in_which_they_came():
    receive_stock({"MUG": 3}, "delivery")
    orders = [placed(uuid4(), [("MUG", units)]) for units in (2, 2, 1)]
    given_together(*orders, to="inventory")
    assert [state_of(order.order_id) for order in orders] == ["held", "rejected", "held"]
    assert [e.shortages[0].available for e in emitted(StockRejected)] == [1]
    assert level("MUG") == (0, 3, 0)


def test_each_order_is_a_change_of_its_own_and_the_cause_of_what_it_changed():
    receive_stock({"MUG": 3, "TEA": 3}, "delivery")
    orders = [placed(uuid4(), [("MUG", 1), ("TEA", 2)]), placed(uuid4(), [("MUG", 1)])]
    given_together(*orders, to="inventory")
    news = emitted(InventoryUpdated)[1:]
    levels = [[(x.sku, x.available, x.revision) for x in event.levels] for event in news]
    assert levels == [[("MUG", 2, 2), ("TEA", 1, 2)], [("MUG", 1, 3)]]
    assert [event.change_id for event in news] == [order.id for order in orders]
    for event, order in zip(emitted(StockReserved), orders, strict=True):
        assert OutboxEvent.objects.get(id=event.id).causation_id == order.id


def test_a_batch_leaves_the_same_rows_as_its_events_one_by_one():
    receive_stock({"MUG": 9, "TEA": 4}, "delivery")
    given(listed("BOOK", selling="untracked"), to="inventory")
    before = [placed(uuid4(), [("MUG", 2), ("TEA", 1)]) for _ in range(2)]
    given(*before, to="inventory")
    twice, once = (order.order_id for order in before)
    gone = GoodsReleased(order_id=once, number="1", lines=order_lines([("TEA", 1)]))
    events = [
        placed(uuid4(), [("MUG", 3), ("BOOK", 1)]),
        shipped(twice, [("MUG", 1)]),
        placed(uuid4(), [("MUG", 3)]),
        shipped(twice, [("MUG", 1), ("TEA", 1)]),
        placed(uuid4(), [("NEW", 1)]),
        gone,
        placed(uuid4(), [("MUG", 2), ("TEA", 2)]),
    ]
    assert_same_rows("inventory", [(event, timezone.now()) for event in events], TABLES)
    given_together(*events, to="inventory")
    assert_stock_is_the_sum_of_its_movements()
