"""An answer that is late is told, and when it will be is known ahead."""

from datetime import timedelta

import pytest
from django.db.models import F

from orders.events import CancellationRequested
from orders.models import Order
from shop.bus.testing import again, emitted
from shop.storefront.story import load
from tests.storefront.conftest import page_of, placed
from tests.storefront.facts import PAID, Facts, happened, step

pytestmark = pytest.mark.django_db

EVERYTHING_SURE = ("reserved", "authorized", "cleared")


@pytest.fixture
def order() -> Order:
    return placed()


@pytest.fixture
def facts(order) -> Facts:
    return Facts(order)


@pytest.fixture
def later(order, settings):
    """Lets the facts of the order be older."""

    def grow(seconds: float) -> None:
        dates = [f.name for f in Order._meta.fields if f.name.endswith("_at")]
        Order.objects.update(**{name: F(name) - timedelta(seconds=seconds) for name in dates})

    settings.STORY_PATIENCE = timedelta(seconds=30)
    return grow


@pytest.mark.parametrize(
    ("names", "key", "late"),
    [
        ((), "stock", "The warehouse has not answered yet."),
        (("authorized",), "stock", "Your payment is confirmed; the warehouse has not answered yet"),
        ((), "payment", "Your bank has not answered yet."),
        (("reserved",), "payment", "Your bank has not answered yet."),
        (EVERYTHING_SURE, "payment", "needs longer than usual"),
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


def test_cancelling_that_is_not_answered_is_told(client, order, facts, later, settings):
    client.post(page_of(order.pk) + "cancel/")
    settings.STORY_PATIENCE = timedelta(0)
    again(emitted(CancellationRequested)[0], to="shop")
    assert "has not answered yet. We keep asking" in step(order, "cancelling").text


def test_refund_that_is_not_confirmed_is_told_as_open(client, order, facts, later):
    happened(facts, *PAID)
    client.post(page_of(order.pk) + "cancel/")
    happened(facts, "stopped")
    later(31)
    told = step(order, "money")
    assert told.look == "now"
    assert "The processor has not confirmed" in told.text
    assert "€0.00 of it has" in told.text


def test_story_knows_when_it_will_read_differently(order, facts, later):
    turns_at = load(order.pk).turns_at
    assert turns_at == order.placed_at + timedelta(seconds=30)
    later(31)
    assert load(order.pk).turns_at is None


def test_nobody_is_kept_waiting_for_what_staff_decide(order, facts, later):
    happened(facts, "reserved", "authorized", "flagged")
    later(3600)
    assert "Nothing is taken yet" in step(order, "payment").text
    assert "can take a while" in step(order, "check").text
