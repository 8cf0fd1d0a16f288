"""An order leaves once, when it is prepared and billed, whatever order the facts come in."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_every
from hypothesis import strategies as st

from eventbus.testing import emitted, given, given_together, redeliver
from shipping.events import OrderDelivered, OrderShipped, ShipmentStopped, TrackingDue
from shipping.models import Parcel, SandboxParcel, Shipment
from tests.unit.shipping.facts import (
    billed,
    cancellation,
    cancelled,
    happy_path,
    out_of_stock,
    placed,
    rolled_back,
)

pytestmark = pytest.mark.django_db

in_every_order = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def state_of(order_id) -> str:
    return Shipment.objects.get(pk=order_id).state


@in_every_order
@for_every(st.permutations(range(2)), st.lists(st.integers(0, 1), max_size=4))
def test_every_order_of_arrival_ends_in_one_hand_over(order, copies):
    """Every order of arrival, with duplicates, ends in one hand-over and one `OrderShipped`."""
    with rolled_back():
        order_id = uuid4()
        facts = happy_path(order_id)
        given(*[facts[i] for i in order], to="shipping")
        redeliver(*[facts[i] for i in copies], to="shipping")
        [shipped] = emitted(OrderShipped)
        assert shipped.complete
        assert [(line.sku, line.quantity) for line in shipped.lines] == [("MUG", 2), ("TEA", 3)]
        assert SandboxParcel.objects.get().tracking_number == shipped.tracking_number
        assert state_of(order_id) == "shipped"
        assert len(emitted(TrackingDue)) == 1


@in_every_order
@for_every(st.permutations(range(3)), st.lists(st.integers(0, 2), max_size=5))
def test_request_to_cancel_gets_one_definite_answer(order, copies):
    """Wherever it comes: stopped and nothing at the carrier, or shipped and not stopped."""
    with rolled_back():
        order_id = uuid4()
        facts = [*happy_path(order_id), cancellation(order_id)]
        given(*[facts[i] for i in order], to="shipping", times=2)
        redeliver(*[facts[i] for i in copies], to="shipping")
        asked_in_time = max(order.index(0), order.index(1)) > order.index(2)
        assert len(emitted(ShipmentStopped)) == asked_in_time
        assert len(emitted(OrderShipped)) == SandboxParcel.objects.count() == (not asked_in_time)
        assert state_of(order_id) == ("stopped" if asked_in_time else "shipped")


@pytest.mark.parametrize("fact", [billed, placed])
def test_nothing_leaves_unprepared_or_unbilled(fact):
    given(fact(uuid4()), to="shipping")
    assert not Parcel.objects.exists()
    assert emitted(OrderShipped) == []


@pytest.mark.parametrize("end", [out_of_stock, cancelled])
def test_nothing_leaves_after_an_end_without_a_question(end):
    """A lack of stock or a cancelled order stops the shipment; nobody is owed an answer."""
    order_id = uuid4()
    given(end(order_id), *happy_path(order_id), to="shipping")
    assert state_of(order_id) == "stopped"
    assert emitted(OrderShipped) == emitted(ShipmentStopped) == []
    assert not SandboxParcel.objects.exists()


def test_request_after_a_stop_is_still_answered():
    order_id = uuid4()
    given(out_of_stock(order_id), cancellation(order_id), to="shipping")
    assert len(emitted(ShipmentStopped)) == 1


def test_two_requests_are_answered_once():
    order_id = uuid4()
    given(cancellation(order_id), cancellation(order_id), to="shipping")
    assert len(emitted(ShipmentStopped)) == 1


def test_a_shipped_order_is_not_stopped_by_a_late_cancellation():
    order_id = uuid4()
    given(*happy_path(order_id), cancelled(order_id), to="shipping")
    assert state_of(order_id) == "shipped"


def test_many_orders_together_leave_as_one_by_one():
    ids = [uuid4() for _ in range(4)]
    facts = [fact for order_id in ids[:3] for fact in happy_path(order_id)]
    given_together(cancelled(ids[1]), *facts[:2], *facts[2:], billed(ids[3]), to="shipping")
    assert [state_of(order_id) for order_id in ids] == ["shipped", "stopped", "shipped", "new"]
    shipped = {each.order_id: each for each in emitted(OrderShipped)}
    assert set(shipped) == {ids[0], ids[2]}
    for order_id, event in shipped.items():
        assert [(line.sku, line.quantity) for line in event.lines] == [("MUG", 2), ("TEA", 3)]
        parcel = Parcel.objects.get(shipment=order_id)
        assert parcel.tracking_number == event.tracking_number
        assert [line.quantity for line in parcel.lines.order_by("line__position")] == [2, 3]
        assert [line.shipped for line in parcel.shipment.lines.all()] == [2, 3]


def test_many_parcels_are_tracked_together(settings):
    settings.CARRIER_TRANSIT = timedelta()
    ids = [uuid4() for _ in range(3)]
    given(*[fact for order_id in ids for fact in happy_path(order_id)], to="shipping")
    due = [event.model_copy() for event in emitted(TrackingDue)]
    given_together(*due, due[0].model_copy(), to="shipping")
    assert [state_of(order_id) for order_id in ids] == ["delivered"] * 3
    assert sorted(each.order_id for each in emitted(OrderDelivered)) == sorted(ids)
