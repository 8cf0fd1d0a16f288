"""Staff hold an order back and ship it in parts."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from eventbus.testing import emitted, given
from shipping import errors, services
from shipping.events import (
    OrderDelivered,
    OrderShipped,
    ParcelLost,
    RestClosed,
    ShipPart,
    TrackingDue,
)
from shipping.models import Parcel, SandboxParcel, Shipment, ShipmentLine
from shipping.sandbox import SandboxCarrier
from tests.unit.shipping.facts import (
    billed,
    cancellation,
    happy_path,
    placed,
    settle_alone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    """A billed order that staff keep back."""
    order_id = uuid4()
    given(placed(order_id), to="shipping")
    services.hold(order_id, by="sam")
    given(billed(order_id), to="shipping")
    assert emitted(OrderShipped) == []
    return order_id


def ship(order_id, quantities):
    services.ship_part(order_id, quantities, by="sam")
    settle_alone()


def test_parts_until_complete(held):
    """Each part is a parcel of its own; the last one makes the order complete."""
    ship(held, {1: 2, 2: 1})
    assert Shipment.objects.get().state == "partly_shipped"
    ship(held, {2: 2})
    first, last = emitted(OrderShipped)
    assert [(line.sku, line.quantity) for line in first.lines] == [("MUG", 2), ("TEA", 1)]
    assert [(line.sku, line.quantity) for line in last.lines] == [("TEA", 2)]
    assert (first.complete, last.complete) == (False, True)
    assert first.tracking_number != last.tracking_number
    assert Shipment.objects.get().state == "shipped"


def test_two_parts_at_once(held):
    """A part may be packed while another is being handed over."""
    services.ship_part(held, {1: 2}, by="sam")
    services.ship_part(held, {2: 3}, by="kim")
    settle_alone(copies=2, seed=7)
    assert sorted(shipped.complete for shipped in emitted(OrderShipped)) == [False, True]
    assert SandboxParcel.objects.count() == 2
    assert [event.by for event in emitted(ShipPart)] == ["sam", "kim"]


def test_order_is_delivered_with_its_last_parcel(held):
    ship(held, {1: 2})
    ship(held, {2: 3})
    SandboxParcel.objects.update(taken_at="2020-01-01T00:00Z")
    for parcel in Parcel.objects.all():
        given(TrackingDue(order_id=held, parcel_id=parcel.id), to="shipping")
    assert [event.complete for event in emitted(OrderDelivered)] == [False, True]
    assert Shipment.objects.get().state == "delivered"


def test_delivered_part_does_not_deliver_what_never_left(held):
    ship(held, {1: 2})
    SandboxParcel.objects.update(taken_at="2020-01-01T00:00Z")
    given(TrackingDue(order_id=held, parcel_id=Parcel.objects.get().id), to="shipping")
    assert not emitted(OrderDelivered)[0].complete
    assert Shipment.objects.get().state == "partly_shipped"


def closed():
    (event,) = emitted(RestClosed)
    return event


def test_request_to_cancel_after_a_part_left_closes_the_rest(held):
    ship(held, {1: 1})
    given(cancellation(held), to="shipping")
    assert [(line.line, line.sku, line.quantity) for line in closed().lines] == [
        (1, "MUG", 1),
        (2, "TEA", 3),
    ]
    assert (closed().shipped, closed().delivered) == (True, False)
    assert Shipment.objects.get().state == "shipped"
    with pytest.raises(errors.AlreadyShipped):
        services.ship_part(held, {2: 1}, by="sam")


def test_a_part_that_is_leaving_when_the_rest_is_closed_leaves_and_is_the_last(held):
    services.ship_part(held, {1: 1}, by="sam")
    given(cancellation(held), to="shipping")
    assert not closed().shipped
    settle_alone()
    (shipped,) = emitted(OrderShipped)
    assert (shipped.complete, shipped.missing) == (True, 4)


def test_a_rest_that_is_closed_after_the_part_was_delivered_delivers_the_order(held):
    ship(held, {1: 1})
    SandboxParcel.objects.update(taken_at="2020-01-01T00:00Z")
    given(TrackingDue(order_id=held, parcel_id=Parcel.objects.get().id), to="shipping")
    given(cancellation(held), to="shipping")
    assert closed().delivered
    assert Shipment.objects.get().state == "delivered"


def test_a_rest_is_closed_once(held):
    ship(held, {1: 1})
    given(cancellation(held), cancellation(held), to="shipping")
    assert closed()


def test_a_parcel_that_was_given_up_ends_its_way(held):
    """Lost units count as missing, and a parcel is lost once."""
    ship(held, {1: 2})
    ship(held, {2: 3})
    first, last = Parcel.objects.all()
    services.give_up_parcel(first.id, by="sam")
    with pytest.raises(errors.NotOnItsWay):
        services.give_up_parcel(first.id, by="sam")
    SandboxParcel.objects.update(taken_at="2020-01-01T00:00Z")
    for parcel in (first, last):
        given(TrackingDue(order_id=held, parcel_id=parcel.id), to="shipping")
    (lost,), (delivered,) = emitted(ParcelLost), emitted(OrderDelivered)
    assert (lost.complete, delivered.complete, delivered.missing) == (False, True, 2)
    assert Shipment.objects.get().state == "delivered"


def test_a_parcel_the_carrier_lost_is_given_up_by_itself(held, monkeypatch):
    ship(held, {1: 2, 2: 3})
    monkeypatch.setattr(SandboxCarrier, "track", lambda self, number: "lost")
    given(TrackingDue(order_id=held, parcel_id=Parcel.objects.get().id), to="shipping")
    (lost,) = emitted(ParcelLost)
    assert (lost.complete, lost.by) == (True, "")


def test_held_order_can_still_be_stopped(held):
    given(cancellation(held), to="shipping")
    with pytest.raises(errors.AlreadyStopped):
        services.ship_part(held, {1: 1}, by="sam")


@pytest.mark.parametrize(
    ("quantities", "refusal"),
    [
        ({1: 3}, errors.MoreThanOrdered),
        ({9: 1}, errors.MoreThanOrdered),
        ({}, errors.NothingToShip),
        ({1: 0}, errors.NothingToShip),
        ({1: 1, 2: -1}, errors.NothingToShip),
    ],
)
def test_refused_quantities_pack_nothing(held, quantities, refusal):
    with pytest.raises(refusal):
        services.ship_part(held, quantities, by="sam")
    assert not Parcel.objects.exists()
    assert emitted(ShipPart) == []


def test_what_is_in_a_parcel_cannot_be_packed_again(held):
    ship(held, {2: 2})
    with pytest.raises(errors.MoreThanOrdered, match="line 2: 2 asked for, 1 left"):
        services.ship_part(held, {2: 2}, by="sam")


def test_unbilled_order_ships_no_part():
    order_id = uuid4()
    given(placed(order_id), to="shipping")
    with pytest.raises(errors.NotBilled):
        services.ship_part(order_id, {1: 1}, by="sam")


def test_shipped_order_has_nothing_left_to_ship_or_hold():
    order_id = uuid4()
    given(*happy_path(order_id), to="shipping")
    with pytest.raises(errors.AlreadyShipped):
        services.ship_part(order_id, {1: 1}, by="sam")
    with pytest.raises(errors.AlreadyLeaving):
        services.hold(order_id, by="sam")


def test_stopped_order_cannot_be_held():
    order_id = uuid4()
    given(cancellation(order_id), to="shipping")
    with pytest.raises(errors.AlreadyStopped):
        services.hold(order_id, by="sam")


def test_database_refuses_more_than_ordered(held):
    with pytest.raises(IntegrityError), transaction.atomic():
        ShipmentLine.objects.filter(position=1).update(shipped=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shipment.objects.update(packed=6)


def test_a_label_is_on_one_parcel_only(held):
    services.ship_part(held, {1: 1}, by="sam", label="JD 014")
    with pytest.raises(errors.TrackingNumberTaken):
        services.ship_part(held, {1: 1}, by="kim", label="JD 014")
    settle_alone()
    assert emitted(OrderShipped)[0].tracking_number == "JD 014"
