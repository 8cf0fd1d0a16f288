"""The carrier: away, crashing in between, slow, and asked where a parcel is."""

from datetime import timedelta
from uuid import uuid4

import pytest

from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted, given, redeliver
from shipping.events import OrderDelivered, OrderShipped, TrackingDue
from shipping.gateway import CarrierUnavailable
from shipping.models import Parcel, SandboxParcel, Shipment
from shipping.sandbox import SandboxCarrier
from tests.unit.shipping.carriers import PowerCut, due_again
from tests.unit.shipping.facts import billed, cancellation, happy_path, placed, settle_alone

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("first_two", [(placed, billed), (billed, placed)])
def test_crash_after_the_call_leaves_one_parcel(carrier, first_two):
    """Killed between the carrier's answer and our record: one parcel, one `OrderShipped`."""
    order_id = uuid4()
    first, last = (fact(order_id) for fact in first_two)
    given(first, to="shipping")
    carrier.trouble = [PowerCut()]
    with pytest.raises(PowerCut):
        given(last, to="shipping")
    assert Shipment.objects.get().state == "handing_over"
    due_again()
    redeliver(last, to="shipping")
    assert len(carrier.taken) == Parcel.objects.count() == len(emitted(OrderShipped)) == 1
    assert Shipment.objects.get().state == "shipped"


@pytest.mark.parametrize("before_taking", [True, False])
def test_unavailable_carrier_is_asked_again(carrier, before_taking):
    order_id = uuid4()
    placed_, billed_ = placed(order_id), billed(order_id)
    carrier.trouble, carrier.trouble_before_taking = [CarrierUnavailable()], before_taking
    with pytest.raises(AssertionError, match="CarrierUnavailable"):
        given(placed_, billed_, to="shipping")
    assert emitted(OrderShipped) == []
    due_again()
    redeliver(billed_, to="shipping")
    assert len(carrier.taken) == len(emitted(OrderShipped)) == 1


def test_past_the_point_of_no_return_a_request_is_not_answered_with_stopped(carrier):
    """Asked to cancel while the carrier is called: `OrderShipped` is the only answer."""
    order_id = uuid4()
    placed_, billed_, request = placed(order_id), billed(order_id), cancellation(order_id)
    carrier.trouble = [PowerCut()]
    with pytest.raises(PowerCut):
        given(placed_, billed_, to="shipping")
    given(request, to="shipping")
    due_again()
    redeliver(billed_, to="shipping")
    assert OutboxEvent.objects.filter(type="shipping.ShipmentStopped").count() == 0
    assert len(emitted(OrderShipped)) == 1


def test_sandbox_takes_one_parcel_for_a_reference():
    given(*happy_path(uuid4()), to="shipping")
    [parcel], shipment = Parcel.objects.all(), Shipment.objects.get()
    taken = SandboxCarrier().hand_over(parcel.id, shipment.ship_to, parcel.contents)
    assert taken.tracking_number == parcel.tracking_number
    assert SandboxCarrier().find(parcel.id) == (parcel.tracking_number, parcel.expected_at)
    assert SandboxParcel.objects.count() == 1


def test_parcel_is_asked_after_when_its_transit_is_over(settings):
    settings.CARRIER_TRANSIT = timedelta(hours=5)
    given(*happy_path(uuid4()), to="shipping")
    row = OutboxEvent.objects.get(type=TrackingDue.type)
    assert row.publish_after - row.occurred_at == pytest.approx(
        timedelta(hours=5), abs=timedelta(seconds=1)
    )


def test_shipped_order_tells_when_the_carrier_expects_to_deliver_it(settings):
    settings.CARRIER_TRANSIT = timedelta(hours=5)
    given(*happy_path(uuid4()), to="shipping")
    [shipped] = emitted(OrderShipped)
    assert shipped.expected_at == SandboxParcel.objects.get().taken_at + timedelta(hours=5)


def test_delivered_parcel_is_emitted_once():
    order_id = uuid4()
    given(*happy_path(order_id), to="shipping")
    SandboxParcel.objects.update(taken_at="2020-01-01T00:00Z")
    due = TrackingDue(order_id=order_id, parcel_id=Parcel.objects.get().id)
    given(due, due.model_copy(), to="shipping", times=2)
    [delivered] = emitted(OrderDelivered)
    assert delivered.complete
    assert Shipment.objects.get().state == "delivered"


@pytest.mark.parametrize(("travelled", "wait"), [(1, 1), (6, 6), (100, 24)])
def test_parcel_on_its_way_is_asked_after_ever_later(settings, travelled, wait):
    """Hours until the next question: as many as it has travelled, up to a day."""
    settings.CARRIER_TRANSIT = timedelta(hours=1)
    order_id = uuid4()
    given(*happy_path(order_id), to="shipping")
    SandboxParcel.objects.update(taken_at="2100-01-01T00:00Z")
    parcel = Parcel.objects.get()
    Parcel.objects.update(handed_over_at=parcel.handed_over_at - timedelta(hours=travelled))
    given(TrackingDue(order_id=order_id, parcel_id=parcel.id), to="shipping")
    row = OutboxEvent.objects.filter(type=TrackingDue.type).latest("id")
    assert round((row.publish_after - row.occurred_at) / timedelta(hours=1)) == wait
    assert emitted(OrderDelivered) == []


def test_from_billing_to_the_doorstep_by_itself(settings):
    settings.CARRIER_TRANSIT = timedelta(0)
    given(*happy_path(uuid4()), to="shipping")
    settle_alone(scheduled=True)
    assert len(emitted(OrderDelivered)) == 1
