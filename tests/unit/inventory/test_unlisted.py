"""An order may come before what tells of its goods: it waits for that, and not for ever."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from catalogue.events import SellingChanged
from eventbus import now, registry
from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted, given, redeliver, settle
from inventory.events import Shortage, StockCheckDue, StockRejected, StockReserved
from inventory.services import receive_stock
from tests.unit.inventory.facts import cancelled, level, listed, placed, state_of

pytestmark = pytest.mark.django_db

OTHERS = [app for app in registry.apps_with_reactions() if app != "inventory"]


def order(**units: int) -> UUID:
    order_id = uuid4()
    given(placed(order_id, list((units or {"POT": 2}).items())), to="inventory")
    return order_id


def time_passes() -> None:
    settle(scheduled=True, but=OTHERS)


@pytest.mark.parametrize("selling", ["tracked", "backorder", "untracked", "uncounted"])
@pytest.mark.parametrize("arriving", list(permutations(range(2))))
def test_an_order_and_its_listing_end_the_same_in_either_order(selling, arriving):
    order_id = uuid4()
    facts = [listed(units=5, selling=selling), placed(order_id, [("POT", 2)])]
    given(*facts, to="analytics")
    redeliver(*(facts[at] for at in arriving), to="inventory")
    time_passes()
    assert state_of(order_id) == "held"
    assert [e.order_id for e in emitted(StockReserved)] == [order_id]
    assert level("POT")[1] == (2 if selling in ("tracked", "backorder") else 0)


@pytest.mark.parametrize("arriving", list(permutations(range(3))))
def test_what_is_said_of_the_goods_later_may_come_first_as_well(arriving):
    order_id = uuid4()
    facts = [
        listed(units=5),
        SellingChanged(sku="POT", selling="tracked"),
        placed(order_id, [("POT", 2)]),
    ]
    given(*facts, to="analytics")
    redeliver(*(facts[at] for at in arriving), to="inventory")
    time_passes()
    assert (state_of(order_id), level("POT")) == ("held", (3, 2, 0))


def test_an_order_of_what_nobody_ever_tells_of_is_refused_in_the_end():
    order_id = order()
    assert not emitted(StockRejected)
    time_passes()
    assert state_of(order_id) == "rejected"
    [refusal] = emitted(StockRejected)
    assert refusal.shortages == (Shortage(sku="POT", wanted=2, available=0),)


def test_a_listing_with_too_little_ends_the_wait():
    order(POT=6)
    given(listed(units=5), to="inventory")
    time_passes()
    assert [e.shortages[0].available for e in emitted(StockRejected)] == [5]
    assert len(emitted(StockCheckDue)) == 1


def test_what_is_known_to_lack_is_refused_at_once():
    receive_stock({"MUG": 1}, "delivery")
    order(MUG=2, POT=1)
    assert len(emitted(StockRejected)) == 1
    assert not emitted(StockCheckDue)


def test_an_order_given_up_meanwhile_gets_nothing():
    order_id = order()
    given(cancelled(order_id), listed(units=5), to="inventory")
    time_passes()
    assert (state_of(order_id), level("POT")) == ("released", (5, 0, 0))
    assert not emitted(StockReserved)


def test_it_is_looked_at_six_times_before_it_is_refused():
    order()
    time_passes()
    assert [e.looks for e in emitted(StockCheckDue)] == [1, 2, 3, 4, 5, 6]


def test_an_app_that_was_off_waits_from_when_it_is_back():
    late = placed(uuid4(), [("POT", 2)])
    given(late, to="analytics")
    OutboxEvent.objects.update(occurred_at=now() - timedelta(days=3))
    redeliver(late, to="inventory")
    assert OutboxEvent.objects.get(type=StockCheckDue.type).publish_after > now()
