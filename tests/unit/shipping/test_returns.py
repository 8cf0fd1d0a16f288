"""Goods that may come back are fetched once, and emitted once when they are here."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted, given, redeliver
from shipping import services
from shipping.events import ReturnArrived, ReturnTrackingDue
from shipping.gateway import CarrierUnavailable
from shipping.models import ReturnParcel, SandboxParcel
from tests.unit.shipping.carriers import PowerCut, due_again
from tests.unit.shipping.facts import happy_path, return_approved, settle_alone

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved():
    """The approval of a return of a delivered order, not seen by shipping yet."""
    order_id = uuid4()
    given(*happy_path(order_id), to="shipping")
    return return_approved(order_id)


def test_approved_return_is_fetched_from_where_the_order_went(approved):
    given(approved, to="shipping")
    [parcel] = services.shipment_in_detail(approved.order_id).return_parcels.all()
    booked = SandboxParcel.objects.get(reference=approved.return_id)
    assert (parcel.tracking_number, parcel.carrier) == (booked.tracking_number, "Sandbox Carrier")
    assert booked.label["from"]["line1"] == "1 Main St"
    assert [(line["sku"], line["quantity"]) for line in booked.label["lines"]] == [("MUG", 1)]


def test_it_comes_back_by_itself(approved, settings):
    settings.CARRIER_TRANSIT = timedelta(0)
    given(approved, to="shipping", times=2)
    settle_alone(scheduled=True, copies=2)
    [arrived] = emitted(ReturnArrived)
    assert (arrived.order_id, arrived.return_id) == (approved.order_id, approved.return_id)
    assert ReturnParcel.objects.get().arrived_at


def test_return_on_its_way_has_not_arrived(approved, settings):
    settings.CARRIER_TRANSIT = timedelta(hours=5)
    given(approved, to="shipping")
    row = OutboxEvent.objects.get(type=ReturnTrackingDue.type)
    assert row.publish_after == ReturnParcel.objects.get().expected_at
    due = ReturnTrackingDue(order_id=approved.order_id, return_id=approved.return_id)
    given(due, to="shipping")
    assert emitted(ReturnArrived) == []
    assert OutboxEvent.objects.filter(type=ReturnTrackingDue.type).count() == 3


def test_two_questions_with_the_same_answer_emit_one_arrival(approved, settings):
    settings.CARRIER_TRANSIT = timedelta(0)
    given(approved, to="shipping")
    due = ReturnTrackingDue(order_id=approved.order_id, return_id=approved.return_id)
    given(due, due.model_copy(), to="shipping")
    assert len(emitted(ReturnArrived)) == 1


@pytest.mark.parametrize("trouble", [PowerCut(), CarrierUnavailable()])
def test_lost_answer_of_the_carrier_books_one_pick_up(approved, carrier, trouble):
    carrier.trouble = [trouble]
    with pytest.raises((PowerCut, AssertionError)):
        given(approved, to="shipping")
    due_again()
    redeliver(approved, to="shipping")
    assert carrier.taken == [approved.return_id]
    assert ReturnParcel.objects.get().booked_at


def test_staff_see_what_comes_back_of_an_order(approved, admin_client):
    given(approved, to="shipping")
    number = ReturnParcel.objects.get().tracking_number
    for page in (
        reverse("admin:shipping_shipment_change", args=[approved.order_id]),
        reverse("admin:shipping_returnparcel_changelist"),
    ):
        assert number in admin_client.get(page).content.decode()
