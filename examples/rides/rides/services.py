"""What riders do: ask for a ride, and think better of it."""

from uuid import UUID, uuid4

from django.db import transaction

from eventbus import emit, emits, now
from rides.errors import NoName, NoSuchPlace, NothingToDrive, TooLate
from rides.events import RideCancelled, RideRequested
from rides.fares import fare
from rides.models import LONGEST_NAME, Ride, ZonePrice
from town.plan import CORNERS, zone
from town.routes import metres


@emits(RideRequested)
@transaction.atomic
def request_ride(rider: str, pickup: str, dropoff: str) -> UUID:
    """Ask for a ride between two corners, and return its id.

    Raises `NoName`, `NoSuchPlace` or `NothingToDrive`.
    """
    if not (0 < len(rider) <= LONGEST_NAME and rider.isprintable()):
        raise NoName(f"say who rides, in at most {LONGEST_NAME} letters")
    for corner in (pickup, dropoff):
        if corner not in CORNERS:
            raise NoSuchPlace(f"there is no corner {corner!r} in this town")
    if pickup == dropoff:
        raise NothingToDrive("choose another corner to go to: you are there already")
    price, _ = ZonePrice.objects.get_or_create(zone=zone(pickup))
    far = metres(pickup, dropoff)
    request = RideRequested(
        ride_id=uuid4(),
        rider=rider,
        pickup=pickup,
        dropoff=dropoff,
        zone=zone(pickup),
        metres=far,
        fare=fare(far, price.surge),
        surge=price.surge,
    )
    Ride.objects.create(**request.model_dump(), requested_at=now())
    emit(request)
    return request.ride_id


@emits(RideCancelled)
@transaction.atomic
def cancel_ride(ride_id: UUID) -> None:
    """Cancel a ride for its rider. Raises `Ride.DoesNotExist`, or `TooLate` once it has begun."""
    with Ride.objects.get_for_update(ride_id=ride_id) as ride:
        if ride.state not in Ride.NOT_YET_RIDING:
            raise TooLate("the ride has begun, or is over")
        ride.cancel("rider", now())
        emit(RideCancelled(ride_id=ride_id, zone=ride.zone, reason="rider"))
