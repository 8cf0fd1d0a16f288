"""An order on hold does not leave, in whatever order the facts come in."""

from uuid import uuid4

import pytest
from hypothesis import given as for_every
from hypothesis import strategies as st

from eventbus.testing import emitted, given, redeliver
from orders.events import OrderHeld, OrderReleased
from shipping import errors, services
from shipping.events import HandOverDue, OrderShipped
from shipping.models import Parcel, Shipment
from tests.unit.shipping.facts import billed, happy_path, placed, rolled_back
from tests.unit.shipping.test_joining import in_every_order

pytestmark = pytest.mark.django_db


def held(order_id, revision=1):
    return OrderHeld(order_id=order_id, number="1", by="kim", reason="odd", revision=revision)


def released(order_id, revision=2):
    return OrderReleased(order_id=order_id, number="1", by="kim", revision=revision)


@in_every_order
@for_every(st.permutations(range(4)), st.lists(st.integers(0, 3), max_size=4))
def test_held_and_released_it_leaves_once_in_every_order_of_arrival(order, copies):
    with rolled_back():
        order_id = uuid4()
        facts = [*happy_path(order_id), held(order_id), released(order_id)]
        given(*[facts[i] for i in order], to="shipping")
        redeliver(*[facts[i] for i in copies], to="shipping")
        assert [shipped.complete for shipped in emitted(OrderShipped)] == [True]


@in_every_order
@for_every(st.permutations(range(3)))
def test_held_again_it_stays_whatever_is_heard_of_the_release_before(order):
    with rolled_back():
        order_id = uuid4()
        given(placed(order_id), to="shipping")
        given(held(order_id), to="shipping")
        rest = [held(order_id, 3), billed(order_id), held(order_id)]
        given(*[rest[i] for i in order], released(order_id), to="shipping")
        assert emitted(OrderShipped) == []


def test_what_is_packed_does_not_leave_while_on_hold(settings):
    from datetime import timedelta

    settings.PACKING_TIME = timedelta(seconds=1)
    order_id = uuid4()
    given(*happy_path(order_id), held(order_id), to="shipping")
    given(HandOverDue(order_id=order_id), to="shipping")
    assert emitted(OrderShipped) == []
    given(released(order_id), HandOverDue(order_id=order_id), to="shipping")
    given(HandOverDue(order_id=order_id), to="shipping")
    assert len(emitted(OrderShipped)) == 1


def test_no_part_is_packed_while_on_hold():
    order_id = uuid4()
    given(placed(order_id), held(order_id), billed(order_id), to="shipping")
    with pytest.raises(errors.OnHold):
        services.ship_part(order_id, {1: 1}, by="sam")
    assert not Parcel.objects.exists()
    assert Shipment.objects.get().on_hold
