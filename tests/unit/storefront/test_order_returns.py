"""Sending goods back, from the wish to the money."""

from datetime import timedelta

import pytest

from eventbus.testing import emitted, given, redeliver
from orders import services
from orders.events import ReturnReceived, ReturnRequested
from orders.models import Order, Return
from shipping.events import ReturnArrived
from shop.storefront.progress import load
from tests.unit.storefront.facts import DELIVERED, PAID, happened, page_of, step, step_states, text
from tests.unit.storefront.test_queries import queries

pytestmark = pytest.mark.django_db

ONE = {"line-1": 1, "why": "damaged", "note": "The handle is off"}


def send_back(client, order, **form):
    return client.post(page_of(order.pk) + "return/", form or ONE)


def decided() -> Return:
    """The return after orders has reacted to the request."""
    redeliver(emitted(ReturnRequested)[-1], to="orders")
    return Return.objects.latest("requested_at")


def arrived(order: Order, back: Return) -> None:
    given(ReturnArrived(order_id=order.pk, return_id=back.pk), to="orders")


def test_units_of_a_delivered_order_go_back_step_by_step(client, order, facts):
    happened(facts, *DELIVERED)
    assert "Send something back" in text(client, order)
    assert send_back(client, order).url == page_of(order.pk)
    asked = emitted(ReturnRequested)[0]
    assert asked.reason == "It is damaged or does not work: The handle is off"
    assert [(line.sku, line.quantity) for line in asked.lines] == [("MUG", 1)]
    assert step(order, "return").title == "Return requested"
    assert step(order, "money").text == "You get €10.00 back once the goods are here."

    back = decided()
    assert step(order, "return").title == "Goods on their way back"
    assert step(order, "money").state == "ahead"

    arrived(order, back)
    assert step(order, "return").title == "Goods returned"
    assert step(order, "money").text == "€10.00 is on its way back to your card."

    given(facts.refunded("10.00"), to="orders")
    assert step(order, "money").text == "€10.00 has gone back to your card."
    assert not load(order.pk).unfinished


def test_return_that_is_too_late_is_decided_by_staff_and_told_why(client, order, facts, settings):
    settings.RETURN_WINDOW = timedelta(0)
    happened(facts, *DELIVERED)
    send_back(client, order)
    back = decided()
    assert step_states(order)["return"] == "now"
    services.refuse_return(back.pk, by="staff", reason="They were used.")
    assert step(order, "return").text == "We cannot take these goods back: They were used."
    assert not load(order.pk).unfinished


def test_points_come_back_with_the_goods(client, order, facts):
    order.points, order.points_value = 100, 1
    order.save()
    happened(facts, *DELIVERED)
    send_back(client, order)
    arrived(order, decided())
    given(facts.refunded("30.00"), to="orders")
    assert "points go back to your account" in step(order, "money").text


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "Quantity:"),
        ({"line-1": 0}, "Quantity:"),
        ({"line-1": 3}, "Mug: Choose 0 to 2."),
        ({"line-1": -1}, "Mug: Choose 0 to 2."),
        ({"line-1": "x"}, "Mug: Choose 0 to 2."),
        ({"line-1": 10**9}, "Mug: Choose 0 to 2."),
        ({"line-1": 1, "why": ""}, "Why?:"),
        ({"line-1": 1, "why": "nonsense"}, "Why?:"),
        ({"line-1": 1, "note": "x" * 141}, "What else should we know? (if you like):"),
    ],
)
def test_wrong_return_is_refused_by_name(client, order, facts, form, error):
    happened(facts, *DELIVERED)
    response = send_back(client, order, **{"why": "mind", **form})
    assert response.status_code == 422
    assert error in response.content.decode()
    assert not emitted(ReturnRequested)


def test_same_units_go_back_once(client, order, facts):
    happened(facts, *DELIVERED)
    send_back(client, order, **{**ONE, "line-1": 2})
    response = send_back(client, order, **{**ONE, "line-1": 2})
    assert response.status_code == 422
    assert len(emitted(ReturnRequested)) == 1


def test_what_was_left_can_go_back_later_and_then_nothing_more(client, order, facts):
    happened(facts, *DELIVERED)
    for units in ({"line-1": 1}, {"line-1": 1}, {"line-2": 1}):
        assert send_back(client, order, why="mind", **units).url == page_of(order.pk)
    assert "Send something back" not in text(client, order)
    assert send_back(client, order).url == page_of(order.pk)
    asked = [line for event in emitted(ReturnRequested) for line in event.lines]
    assert [(line.sku, line.quantity) for line in asked] == [("MUG", 1), ("MUG", 1), ("POT", 1)]


def test_nothing_goes_back_before_it_has_arrived(client, order, facts):
    happened(facts, *PAID)
    assert "Send something back" not in text(client, order)
    for response in (client.get(page_of(order.pk) + "return/"), send_back(client, order)):
        assert response.url == page_of(order.pk)
    assert "nothing can go back now" in text(client, order)
    assert not emitted(ReturnRequested, order_id=order.pk)
    assert not emitted(ReturnReceived)


def test_page_asks_as_many_questions_however_much_goes_back(client, order, facts):
    happened(facts, *DELIVERED)
    services.request_return(order.pk, {1: 1})
    expected = queries(client, page_of(order.pk))
    services.request_return(order.pk, {1: 1, 2: 1})
    assert queries(client, page_of(order.pk)) == expected
