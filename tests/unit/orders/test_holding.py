"""Staff put orders on hold, and release them."""

import pytest

from eventbus.testing import emitted
from orders.errors import CannotHold
from orders.events import OrderHeld, OrderReleased
from orders.models import Order
from orders.services import hold_order, place_order, release_order, request_cancellation

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(details):
    return place_order(details)


def test_each_hold_and_release_is_emitted_with_a_higher_revision(order):
    hold_order(order.id, by="kim", reason="odd")
    release_order(order.id, by="sam")
    hold_order(order.id, by="kim", reason="odd again")
    assert [event.revision for event in emitted(OrderHeld)] == [1, 3]
    assert [(event.by, event.revision) for event in emitted(OrderReleased)] == [("sam", 2)]


def test_an_order_is_held_once(order):
    hold_order(order.id, by="kim", reason="odd")
    with pytest.raises(CannotHold, match="on hold already"):
        hold_order(order.id, by="sam", reason="odd")
    assert Order.objects.get().held_by == "kim"


def test_an_order_that_is_not_on_hold_cannot_be_released(order):
    with pytest.raises(CannotHold, match="is not on hold"):
        release_order(order.id, by="kim")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_hold_needs_a_reason_that_fits(order, reason):
    with pytest.raises(CannotHold, match="reason"):
        hold_order(order.id, by="kim", reason=reason)


def test_an_order_that_is_being_cancelled_cannot_be_held(order):
    request_cancellation(order.id)
    with pytest.raises(CannotHold, match="nothing to hold"):
        hold_order(order.id, by="kim", reason="odd")
