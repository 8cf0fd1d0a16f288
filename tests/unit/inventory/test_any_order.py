"""Whatever order facts arrive in, and however often: the stock adds up and ends the same."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from eventbus import Event
from eventbus.testing import emitted
from inventory.events import StockRejected, StockReserved
from inventory.services import receive_stock
from tests.unit.inventory.facts import (
    arrive,
    assert_stock_is_the_sum_of_its_movements,
    cancelled,
    level,
    placed,
    returned,
    shipped,
    state_of,
    undone,
)

pytestmark = pytest.mark.django_db

ORDER = UUID(int=1)
LINES = [("MUG", 3), ("TEA", 2), ("MUG", 1)]


def twice(size: int) -> st.SearchStrategy[list[int]]:
    """Every one of `size` facts two times, in any order."""
    return st.permutations([*range(size)] * 2)


def end(facts: list[Event], arrivals: list[int]) -> tuple:
    """Return how things stand after these arrivals."""
    receive_stock({"MUG": 10, "TEA": 10}, "delivery")
    arrive(facts[i] for i in arrivals)
    assert_stock_is_the_sum_of_its_movements()
    return state_of(ORDER), level("MUG"), level("TEA")


@settings(max_examples=25, deadline=None)
@for_all(twice(4))
def test_a_fulfilled_order_ends_the_same(arrivals):
    with undone():
        facts = [
            placed(ORDER, LINES),
            shipped(ORDER, [("MUG", 3)]),
            shipped(ORDER, [("TEA", 2), ("MUG", 1)]),
            returned(ORDER, [("MUG", 2)]),
        ]
        assert end(facts, arrivals) == ("sold", (8, 0, 2), (8, 0, 2))
        assert len(emitted(StockReserved)) == 1


@settings(max_examples=25, deadline=None)
@for_all(twice(2))
def test_an_order_given_up_ends_the_same(arrivals):
    with undone():
        facts = [placed(ORDER, LINES), cancelled(ORDER)]
        assert end(facts, arrivals) == ("released", (10, 0, 0), (10, 0, 0))
        assert len(emitted(StockReserved)) <= 1
        assert not emitted(StockRejected)


@settings(max_examples=25, deadline=None)
@for_all(twice(4))
def test_an_order_shipped_in_part_and_given_up_ends_the_same(arrivals):
    """Shipped units are sold even if the order's end arrives first."""
    with undone():
        facts = [
            placed(ORDER, LINES),
            shipped(ORDER, [("MUG", 3)]),
            cancelled(ORDER),
            returned(ORDER, [("MUG", 1)]),
        ]
        # The parcel left because of our own StockReserved, so the order was seen first.
        assert end(facts, [0, *arrivals]) == ("released", (8, 0, 2), (10, 0, 0))


@settings(max_examples=15, deadline=None)
@for_all(twice(3))
def test_an_order_shipped_in_full_and_given_up_is_sold(arrivals):
    with undone():
        facts = [placed(ORDER, LINES), shipped(ORDER, LINES), cancelled(ORDER)]
        assert end(facts, [0, *arrivals]) == ("sold", (6, 0, 4), (8, 0, 2))


@settings(max_examples=25, deadline=None)
@for_all(st.data())
def test_several_orders_never_get_more_than_there_is(data):
    """Ten units, orders that want more, some given up: the rest adds up."""
    with undone():
        receive_stock({"MUG": 10, "TEA": 10}, "delivery")
        units = st.integers(1, 7)
        orders = [uuid4() for _ in range(4)]
        facts = [placed(o, [("MUG", data.draw(units)), ("TEA", data.draw(units))]) for o in orders]
        facts += [cancelled(o) for o in orders if data.draw(st.booleans())]
        arrive(data.draw(st.permutations(facts)))
        assert_stock_is_the_sum_of_its_movements()
        answered = [e.order_id for e in [*emitted(StockReserved), *emitted(StockRejected)]]
        assert len(answered) == len(set(answered))
