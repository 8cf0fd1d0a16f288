"""Why an order was cancelled, in words for its shopper."""

import pytest

from eventbus.testing import emitted, given
from fraud.events import OrderRefused
from orders.events import CancellationRequested, OrderCancelled, ShippingDeadlineReached
from orders.models import Order
from orders.services import place_order
from tests.unit.orders.facts import points_rejected
from tests.unit.orders.test_reactions import rejected

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(details):
    return place_order(details)


def test_missing_goods_are_named_by_title_never_by_sku(order):
    given(rejected(order), to="orders")
    assert emitted(OrderCancelled)[0].detail == "Not enough in stock: Apple (1 of 2)."


def test_missing_points_are_counted(order):
    given(points_rejected(order), to="orders")
    event = emitted(OrderCancelled)[0]
    assert event.reason == "points"
    assert "500" in event.detail
    assert "20" in event.detail


def test_what_fraud_has_against_an_order_is_not_told(order):
    reasons = ("known bad: ada@example.com",)
    given(
        OrderRefused(order_id=order.id, number=order.number, score=100, reasons=reasons),
        to="orders",
    )
    assert "known bad" not in emitted(OrderCancelled)[0].detail


def test_order_that_took_too_long_says_so(order):
    given(ShippingDeadlineReached(order_id=order.id), to="orders")
    assert emitted(CancellationRequested)
    assert "not be shipped in time" in Order.objects.get(pk=order.pk).cancel_detail
