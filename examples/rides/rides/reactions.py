"""How rides reacts to what matching, surge and fraud publish, and to its own clock."""

from eventbus import emit, now, reacts_to
from fraud.events import RideFlagged, RideRefused
from matching.events import DriverMatched, NoCarFound, NoCarFree
from rides.events import (
    DropoffDue,
    PickupDue,
    Reason,
    RideCancelled,
    RideCompleted,
    RideStarted,
)
from rides.fares import time_for
from rides.models import Ride, ZonePrice
from surge.events import SurgeChanged
from town.routes import metres


@reacts_to(DriverMatched, emits=[PickupDue])
def expect_car(event: DriverMatched) -> None:
    with Ride.objects.get_for_update(ride_id=event.ride_id) as ride:
        if ride.state != Ride.State.REQUESTED:
            return  # It was cancelled meanwhile: matching hears of that, and frees the car.
        ride.match(event, now(), time_for(event.metres_away))
        emit(PickupDue(ride_id=ride.ride_id), publish_after=ride.leg_ends_at)


@reacts_to(NoCarFree)
def note_that_there_is_no_car_yet(event: NoCarFree) -> None:
    with Ride.objects.get_for_update(ride_id=event.ride_id) as ride:
        ride.no_car_yet = ride.state == Ride.State.REQUESTED


@reacts_to(PickupDue, emits=[RideStarted, DropoffDue])
def start_ride(event: PickupDue) -> None:
    with Ride.objects.get_for_update(ride_id=event.ride_id) as ride:
        if ride.state != Ride.State.MATCHED:
            return
        ride.start(now(), time_for(metres(ride.pickup, ride.dropoff)))
        emit(RideStarted(ride_id=ride.ride_id, car=ride.car, zone=ride.zone))
        emit(DropoffDue(ride_id=ride.ride_id), publish_after=ride.leg_ends_at)


@reacts_to(DropoffDue, emits=[RideCompleted])
def complete_ride(event: DropoffDue) -> None:
    with Ride.objects.get_for_update(ride_id=event.ride_id) as ride:
        ride.complete(now())
        emit(
            RideCompleted(
                ride_id=ride.ride_id,
                car=ride.car,
                dropoff=ride.dropoff,
                zone=ride.zone,
                fare=ride.fare,
            )
        )


@reacts_to(NoCarFound, emits=[RideCancelled])
def cancel_without_car(event: NoCarFound) -> None:
    _cancel(event, "no car")


@reacts_to(RideRefused, emits=[RideCancelled])
def cancel_refused(event: RideRefused) -> None:
    note_doubts(event)
    _cancel(event, "refused")


@reacts_to(RideFlagged)
def note_doubts(event: RideFlagged | RideRefused) -> None:
    with Ride.objects.get_for_update(ride_id=event.ride_id) as ride:
        ride.doubts = list(event.reasons)


@reacts_to(SurgeChanged)
def take_price(event: SurgeChanged) -> None:
    with ZonePrice.objects.get_or_create_for_update(zone=event.zone) as price:
        price.take(event)


def _cancel(event: NoCarFound | RideRefused, reason: Reason) -> None:
    with Ride.objects.get_for_update(ride_id=event.ride_id) as ride:
        if ride.state in Ride.NOT_YET_RIDING:
            ride.cancel(reason, now())
            emit(RideCancelled(ride_id=ride.ride_id, zone=ride.zone, reason=reason))
