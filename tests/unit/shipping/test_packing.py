"""A billed order is packed first: until then it can be stopped or held back, after that not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import given as for_every
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from eventbus.delivery.models import OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.testing import emitted, given, redeliver
from shipping import services
from shipping.events import HandOverDue, OrderShipped, ShipmentStopped
from shipping.models import Parcel, SandboxParcel, Shipment
from tests.unit.shipping.facts import cancellation, cancelled, happy_path, rolled_back, settle_alone

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _packing_takes_an_hour(settings):
    settings.PACKING_TIME = HOUR


@pytest.fixture
def order_id():
    """A billed order that is being packed."""
    order_id = uuid4()
    given(*happy_path(order_id), to="shipping")
    return order_id


def the_hour_passes() -> None:
    settle_alone(scheduled=True)


def test_order_being_packed_has_not_left_and_tells_when_it_will(order_id):
    assert emitted(OrderShipped) == []
    assert not SandboxParcel.objects.exists()
    leaves_at = services.shipment_in_detail(order_id).leaves_at
    assert leaves_at == OutboxEvent.objects.get(type=HandOverDue.type).publish_after
    assert leaves_at - timezone.now() == pytest.approx(HOUR, abs=timedelta(minutes=1))


def test_packed_order_leaves(order_id):
    the_hour_passes()
    [shipped] = emitted(OrderShipped)
    assert shipped.complete


def test_without_packing_time_it_leaves_at_once(settings):
    settings.PACKING_TIME = timedelta(0)
    given(*happy_path(uuid4()), to="shipping")
    assert len(emitted(OrderShipped)) == 1
    assert emitted(HandOverDue) == []


def test_order_held_back_while_it_is_packed_waits_for_staff(order_id):
    services.hold(order_id, by="sam")
    the_hour_passes()
    assert emitted(OrderShipped) == []
    services.ship_part(order_id, {1: 2, 2: 3}, by="sam")
    settle_alone()
    [shipped] = emitted(OrderShipped)
    assert shipped.complete


def test_staff_may_ship_a_part_before_the_rest_is_packed(order_id):
    """A shipment that staff took over stays with them: the rest does not leave by itself."""
    services.ship_part(order_id, {1: 1}, by="sam")
    the_hour_passes()
    [shipped] = emitted(OrderShipped)
    assert not shipped.complete
    assert Shipment.objects.get().state == "partly_shipped"


def test_cancelled_while_it_is_packed_never_leaves(order_id):
    given(cancelled(order_id), to="shipping")
    the_hour_passes()
    assert Shipment.objects.get().state == "stopped"
    assert not Parcel.objects.exists()


def _packing_is_due(copies: int) -> None:
    for row in OutboxEvent.objects.filter(type=HandOverDue.type):
        OutboxEvent.objects.filter(pk=row.pk).update(publish_after=timezone.now())
        for _ in range(copies):
            handle("shipping", [Incoming(row.envelope)])


@hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@for_every(st.permutations(range(3)), st.integers(0, 3), st.lists(st.integers(0, 2), max_size=4))
def test_cancelling_within_the_packing_time_wins_and_afterwards_is_too_late(order, due, copies):
    """In every order of arrival, with duplicates: stopped and kept here, or shipped, never both."""
    with rolled_back():
        order_id = uuid4()
        facts = [*happy_path(order_id), cancellation(order_id)]
        arriving = [facts[i] for i in order]
        given(*arriving[:due], to="shipping", times=2)
        packed = bool(emitted(HandOverDue)) and not emitted(ShipmentStopped)
        _packing_is_due(copies=2)
        given(*arriving[due:], to="shipping", times=2)
        redeliver(*[facts[i] for i in copies], to="shipping")
        _packing_is_due(copies=1)
        assert len(emitted(HandOverDue)) <= 1
        assert len(emitted(OrderShipped)) == SandboxParcel.objects.count() == packed
        assert len(emitted(ShipmentStopped)) == (not packed)
