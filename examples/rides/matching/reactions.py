"""How matching reacts to riders, and to its own clock."""

from datetime import timedelta

from django.conf import settings

from eventbus import Event, emit, now, reacts_to
from matching.events import CarFreed, DriverMatched, LookAgainDue, NoCarFound, NoCarFree
from matching.fleet import free, take
from matching.models import Car, Search
from rides.events import RideCancelled, RideCompleted, RideRequested

LOOKS: list[type[Event]] = [DriverMatched, NoCarFree, NoCarFound, LookAgainDue]


@reacts_to(RideRequested, emits=LOOKS)
def find_car(event: RideRequested) -> None:
    with Search.objects.get_or_create_for_update(ride_id=event.ride_id) as search:
        search.begin(event)
        _look(search)


@reacts_to(LookAgainDue, emits=LOOKS)
def look_again(event: LookAgainDue) -> None:
    with Search.objects.get_for_update(ride_id=event.ride_id) as search:
        _look(search)


@reacts_to(RideCompleted, emits=[CarFreed])
def free_car_at_dropoff(event: RideCompleted) -> None:
    _end(event, event.dropoff)


@reacts_to(RideCancelled, emits=[CarFreed])
def stop_looking(event: RideCancelled) -> None:
    _end(event)


def _look(search: Search) -> None:
    if search.state != Search.State.OPEN:
        return
    if car := Car.nearest_free(search.pickup):
        search.state = Search.State.MATCHED
        take(car, search)
    elif search.looks >= settings.LOOKS_FOR_A_CAR:
        search.state = Search.State.OVER
        emit(NoCarFound(ride_id=search.ride_id, zone=search.zone))
    else:
        _wait(search)


def _wait(search: Search) -> None:
    if search.looks == 0:
        emit(NoCarFree(ride_id=search.ride_id, zone=search.zone))
    search.looks += 1
    again = now() + timedelta(seconds=settings.LOOK_AGAIN_AFTER)
    emit(LookAgainDue(ride_id=search.ride_id), publish_after=again)


def _end(event: RideCompleted | RideCancelled, corner: str = "") -> None:
    """End the search, and free the car that came of it; it drives on to where the rider waited."""
    with Search.objects.get_or_create_for_update(ride_id=event.ride_id) as search:
        search.state = Search.State.OVER
    if car := Car.objects.select_for_update().filter(ride_id=event.ride_id).first():
        free(car, corner or search.pickup)
