"""Following an order, and what can be done about it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from eventbus.testing import settle
from inventory.services import receive_stock
from tests.unit.storefront.conftest import APPROVED, CHALLENGED

DECLINED = "4000 0000 0000 0002"


@pytest.fixture(autouse=True)
def _no_waiting(settings, shop):
    settings.PACKING_TIME = settings.CARRIER_TRANSIT = timedelta(0)
    receive_stock({"MUG": 20, "POT": 20}, reason="for the story")
    settle()


@pytest.fixture
def order(guest):
    return guest.order(guest.cart(MUG=2)).json()


def story(caller, order) -> dict:
    return caller.get(f"/orders/{order['id']}/story").json()


def test_story_tells_the_steps_of_the_page(guest, order):
    assert story(guest, order)["steps"][0]["state"] == "done"
    settle()
    data = story(guest, order)
    assert data["finished"]
    assert {step["state"] for step in data["steps"]} == {"done"}
    assert any(step["parcels"] for step in data["steps"])


def test_order_is_told_in_its_parts(guest, order):
    data = guest.get(f"/orders/{order['id']}").json()
    assert data["total"] == order["total"]
    assert [(line["sku"], line["quantity"]) for line in data["lines"]] == [("MUG", 2)]


def test_order_in_time_is_cancelled_and_a_finished_one_is_not(guest, order):
    path = f"/orders/{order['id']}/cancel"
    assert [guest.post(path).status_code for _ in range(2)] == [202, 202]
    settle()
    assert story(guest, order)["headline"] == "This order was cancelled"
    assert guest.post(path).status_code == 409


def test_refused_card_is_made_good_with_another(guest):
    order = guest.order(guest.cart(MUG=1), card={"number": DECLINED}).json()
    settle()
    data = story(guest, order)
    assert data["can_pay_again"]
    assert "declined" in next(s["text"] for s in data["steps"] if s["state"] == "trouble")
    path = f"/orders/{order['id']}/payments"
    wrong = guest.post(path, {"card": {"number": "1"}})
    assert list(wrong.json()["errors"]) == ["card.number"]
    assert guest.post(path, {"card": {"number": APPROVED}}).status_code == 202
    assert guest.post(path, {"card": {"number": APPROVED}}).status_code == 409
    settle()
    assert guest.get(f"/orders/{order['id']}").json()["state"] == "completed"


def test_question_of_the_bank_is_told_with_the_page_that_answers_it(guest):
    order = guest.order(guest.cart(MUG=1), card={"number": CHALLENGED}).json()
    assert story(guest, order)["confirm_at"] is None
    settle()
    assert story(guest, order)["confirm_at"] == order["url"] + "challenge/"


@pytest.mark.parametrize("units", [1, 2])
def test_goods_go_back_once_for_one_key(guest, order, units):
    settle()
    path, key = f"/orders/{order['id']}/returns", str(uuid4())
    wanted = {"units": [{"line": 1, "quantity": units}], "reason": "Too blue"}
    assert {guest.post(path, wanted, key).status_code for _ in range(2)} == {201}
    data = guest.get(f"/orders/{order['id']}").json()
    assert (data["lines"][0]["returned"], len(data["returns"])) == (units, 1)


@pytest.mark.parametrize("quantities", [[5], [1, 1]])
def test_more_than_was_bought_or_a_line_twice_is_refused_by_name(guest, order, quantities):
    settle()
    units = [{"line": 1, "quantity": quantity} for quantity in quantities]
    answer = guest.post(f"/orders/{order['id']}/returns", {"units": units}, str(uuid4()))
    assert list(answer.json()["errors"]) == ["units"]
    assert not guest.get(f"/orders/{order['id']}").json()["returns"]


def test_nothing_goes_back_of_what_has_not_arrived(guest, order):
    wanted = {"units": [{"line": 1, "quantity": 1}]}
    assert guest.post(f"/orders/{order['id']}/returns", wanted, "k").status_code == 409


def test_order_there_is_not_is_a_problem(guest):
    for path in ("", "/story"):
        assert guest.get(f"/orders/{uuid4()}{path}").status_code == 404
    assert guest.post(f"/orders/{uuid4()}/cancel").status_code == 404


def test_list_is_the_customers_own_newest_first(ada, guest, order):
    numbers = [ada.order(ada.cart(MUG=1)).json()["number"] for _ in range(3)]
    data = ada.get("/orders", limit=2).json()
    assert [each["number"] for each in data["orders"]] == numbers[:0:-1]
    assert data["total"] == 3
    assert guest.get("/orders").status_code == 401
