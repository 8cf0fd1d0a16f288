"""What can be ordered at most is ordered, and every app copes with what is emitted of it."""

from decimal import Decimal

import pytest

from billing.services import tokenize
from eventbus.chunks import max_entries_bytes, size_of
from eventbus.testing import emitted, settle
from inventory.events import InventoryUpdated
from inventory.services import receive_stock
from orders.errors import OrderInvalid
from orders.events import OrderCancelled, OrderDetails, OrderLine
from orders.services import MOST_LINES, place_order, request_return
from orders.validation import check
from tests.builders import order_details
from tests.scenarios.conftest import APPROVED, broken_rules, state_of

#: No letter takes more bytes of an event.
LONGEST = "\N{TEAPOT}" * 255


def sku(number: int) -> str:
    return f"{number:03}{LONGEST}"[:255]


def draft_of(lines: int, title: str = LONGEST, quantity: int = 1) -> OrderDetails:
    return order_details(
        card=tokenize(APPROVED, country="GB"),
        lines=[
            OrderLine(
                line=n, sku=sku(n), title=title, quantity=quantity, unit_price=Decimal("1.00")
            )
            for n in range(1, lines + 1)
        ],
    )


def plain(number: int) -> OrderLine:
    return OrderLine(
        line=number,
        sku=f"8512{number}A",
        title="WHITE HANGING HEART T-LIGHT HOLDER",
        quantity=12,
        unit_price=Decimal("2.55"),
    )


def as_many_as_fit() -> int:
    return max_entries_bytes() // size_of(sku(1), LONGEST)


def test_order_that_says_as_much_as_it_may_goes_its_way_and_all_comes_back():
    lines = as_many_as_fit()
    receive_stock({sku(n): 1 for n in range(1, lines + 1)}, reason="for the story")
    settle()
    order = place_order(draft_of(lines))
    settle()
    settle(scheduled=True)
    assert state_of(order) == "completed"
    request_return(order.id, dict.fromkeys(range(1, lines + 1), 1), reason="too many")
    settle()
    settle(scheduled=True)
    assert not broken_rules()


def test_order_that_says_as_much_as_it_may_is_cancelled_in_few_words_where_too_little_is_there():
    lines = as_many_as_fit()
    receive_stock({sku(n): 1 for n in range(1, lines + 1)}, reason="for the story")
    order = place_order(draft_of(lines, quantity=2))
    settle()
    assert state_of(order) == "cancelled"
    assert "more" in emitted(OrderCancelled)[0].detail
    assert len(emitted(OrderCancelled)[0].detail) < 2000
    assert not broken_rules()


def test_order_that_says_more_is_refused_in_words():
    with pytest.raises(OrderInvalid, match="lines: say more than fits on an order"):
        place_order(draft_of(as_many_as_fit() + 1))


def test_order_takes_the_lines_of_the_greatest_day_and_refuses_more_in_words():
    assert MOST_LINES >= 1114
    check(order_details(lines=[plain(n) for n in range(1, 1115)]))
    with pytest.raises(OrderInvalid, match=f"lines: at most {MOST_LINES} fit"):
        place_order(order_details(lines=[plain(n) for n in range(1, MOST_LINES + 2)]))


def test_order_that_costs_more_than_can_be_written_down_is_refused_in_words():
    line = (
        draft_of(1)
        .lines[0]
        .model_copy(update={"quantity": 1_000_000, "unit_price": Decimal(10_000_000)})
    )
    with pytest.raises(OrderInvalid, match="total: must be less than"):
        place_order(order_details(lines=[line]))


def test_delivery_of_any_size_is_told_in_parts_that_fit():
    receive_stock({sku(n): 1 for n in range(1, 401)}, reason="a lorry")
    skus = [level.sku for event in emitted(InventoryUpdated) for level in event.levels]
    assert len(emitted(InventoryUpdated)) > 2
    assert len([each for each in skus if each.endswith("\N{TEAPOT}")]) == 400
    settle()
