"""An answer that is late is told, and when it will be is known ahead."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F

from eventbus.testing import emitted, given, redeliver
from orders.events import ReturnRequested
from orders.models import Order
from orders.services import request_return
from shipping.events import ReturnArrived
from shop.storefront.progress import load
from tests.unit.storefront.facts import DELIVERED, PAID, happened, page_of, step

pytestmark = pytest.mark.django_db

EVERYTHING_SURE = ("reserved", "authorized", "cleared")


@pytest.fixture
def later(order, settings):
    """Lets the facts of the order be older."""

    def grow(seconds: float) -> None:
        dates = [f.name for f in Order._meta.fields if f.name.endswith("_at")]
        Order.objects.update(**{name: F(name) - timedelta(seconds=seconds) for name in dates})

    settings.ANSWER_LATE_AFTER = timedelta(seconds=30)
    return grow


@pytest.mark.parametrize(
    ("names", "key", "late"),
    [
        ((), "stock", "The warehouse has not answered yet."),
        (("authorized",), "stock", "Your payment is confirmed; the warehouse has not answered yet"),
        ((), "payment", "Your bank has not answered yet."),
        (("reserved",), "payment", "Your bank has not answered yet."),
        (EVERYTHING_SURE, "payment", "needs longer than usual"),
        (("reserved", "authorized"), "payment", "The order is not checked yet"),
        (PAID, "packing", "Packing takes longer than usual."),
        ((*PAID, "shipped"), "way", "The carrier has not told us yet"),
    ],
)
def test_late_answer_is_told(order, facts, later, settings, names, key, late):
    settings.PACKING_TIME = settings.CARRIER_TRANSIT = timedelta(0)
    happened(facts, *names)
    assert late not in step(order, key).text
    later(31)
    assert late in step(order, key).text


def test_packing_is_not_late_before_its_time_is_over(order, facts, later, settings):
    settings.PACKING_TIME = timedelta(hours=1)
    happened(facts, *PAID)
    later(1800)
    assert "It leaves at about" in step(order, "packing").text


def test_cancelling_that_is_not_answered_is_told(client, order, facts, settings):
    """Whoever is off: nobody has reacted to it."""
    client.post(page_of(order.pk) + "cancel/")
    settings.ANSWER_LATE_AFTER = timedelta(0)
    assert "has not answered yet. We keep asking" in step(order, "cancelling").text


def test_refund_that_is_not_confirmed_is_told_as_open(client, order, facts, later):
    happened(facts, *PAID)
    client.post(page_of(order.pk) + "cancel/")
    happened(facts, "stopped")
    later(31)
    shown = step(order, "money")
    assert shown.state == "now"
    assert "The processor has not confirmed" in shown.text
    assert "€0.00 of it has" in shown.text


def test_points_that_are_not_booked_are_what_the_payment_waits_for(order, facts, later):
    _pays_with_points(order)
    happened(facts, *EVERYTHING_SURE)
    assert "once your points are booked" in step(order, "payment").text
    later(31)
    assert "Your points are not booked yet" in step(order, "payment").text
    given(facts.points_redeemed(), to="shop")
    assert "points" not in step(order, "payment").text


def _pays_with_points(order: Order) -> None:
    order.customer_id, order.points, order.points_value = "7", 100, Decimal(1)
    order.save()


def test_order_without_anything_to_pay_says_too_that_it_takes_longer(order, facts, later):
    Order.objects.update(total=0)
    happened(facts, "reserved", "authorized")
    assert step(order, "payment").text == "There is nothing to pay."
    later(31)
    assert "takes longer than usual" in step(order, "payment").text


def test_hold_that_is_not_released_is_told(order, facts, later):
    happened(facts, "authorized", "short")
    later(31)
    assert "The bank has not confirmed yet" in step(order, "money").text


def test_return_that_is_not_answered_or_does_not_arrive_is_told(order, facts, settings):
    happened(facts, *DELIVERED)
    asked = request_return(order.pk, {1: 1})
    settings.ANSWER_LATE_AFTER = timedelta(0)
    assert "Our answer takes longer than usual" in step(order, "return").text
    settings.CARRIER_TRANSIT = timedelta(0)
    redeliver(emitted(ReturnRequested)[0], to="orders")
    assert "has not told us yet that the goods are here" in step(order, "return").text
    given(ReturnArrived(order_id=order.pk, return_id=asked.pk), to="orders")
    assert "back with us" in step(order, "return").text


def test_story_knows_when_it_will_read_differently(order, facts, later):
    turns_at = load(order.pk).next_change_at
    assert turns_at == order.placed_at + timedelta(seconds=30)
    later(31)
    assert load(order.pk).next_change_at is None


def test_nobody_is_kept_waiting_for_what_staff_decide(order, facts, later):
    happened(facts, "reserved", "authorized", "flagged")
    later(3600)
    assert "Nothing is taken yet" in step(order, "payment").text
    assert "can take a while" in step(order, "check").text
