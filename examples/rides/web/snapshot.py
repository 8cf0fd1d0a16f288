"""Everything that moves on the page, as JSON values: read anew after each change."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Sum

from analytics.models import ZoneFigures
from eventbus import now
from matching.models import Car
from rides.models import Ride, ZonePrice
from surge.models import Zone
from town import plan, routes
from web.switches import states

#: The rides that are listed, the newest first.
LISTED = 12


def snapshot() -> dict[str, Any]:
    """Return the town as it is: cars, rides, prices, figures and workers."""
    rides = list(Ride.objects.order_by("-requested_at")[:LISTED])
    return {
        "cars": list(_cars()),
        "waiting": list(_waiting()),
        "rides": [_ride(ride) for ride in rides],
        "zones": _zones(),
        "figures": _figures(),
        "workers": states(),
    }


def _cars() -> Iterator[dict[str, Any]]:
    """Yield each car with where it drives, or stands."""
    cars = list(Car.objects.order_by("name"))
    taken = [car.ride_id for car in cars if car.ride_id]
    driven = {ride.car: ride for ride in Ride.objects.filter(pk__in=taken)}
    for car in cars:
        yield {"car": car.name, "driver": car.driver, **_way(car, driven.get(car.name))}


def _way(car: Car, ride: Ride | None) -> dict[str, Any]:
    if ride is None:
        return {"state": "free" if car.ride_id is None else "taken", "line": _line(car.corner)}
    if ride.state == Ride.State.MATCHED:
        line = routes.line(ride.car_from, ride.pickup)
        return {"state": "coming", "line": line, **_times(ride)}
    if ride.state == Ride.State.RIDING:
        return {"state": "riding", "line": routes.line(ride.pickup, ride.dropoff), **_times(ride)}
    stands = ride.dropoff if ride.state == Ride.State.COMPLETED else ride.pickup
    return {"state": "taken", "line": _line(stands)}


def _line(corner: str) -> list[plan.Point]:
    return [plan.place(corner)]


def _times(ride: Ride) -> dict[str, int]:
    assert ride.leg_began_at, "a car that drives has begun to"
    assert ride.leg_ends_at, "a car that drives is to arrive"
    return {"from": _ms(ride.leg_began_at), "to": _ms(ride.leg_ends_at)}


def _waiting() -> Iterator[dict[str, Any]]:
    """Yield where riders stand at a corner."""
    waiting = Ride.objects.filter(state__in=Ride.NOT_YET_RIDING)
    for ride in waiting.order_by("requested_at"):
        x, y = plan.place(ride.pickup)
        yield {"ride": str(ride.pk), "x": x, "y": y}


def _ride(ride: Ride) -> dict[str, Any]:
    return {
        "id": str(ride.pk),
        "rider": ride.rider,
        "from": plan.name(ride.pickup),
        "to": plan.name(ride.dropoff),
        "fare": str(ride.fare),
        "surge": str(ride.surge),
        "state": ride.state,
        "says": says(ride),
        "doubts": ride.doubts,
    }


def says(ride: Ride) -> str:
    """Return in a few words how a ride goes."""
    if ride.state == Ride.State.CANCELLED:
        cancelled = {"no car": "no car came free", "refused": "refused", "rider": "cancelled"}
        return cancelled[ride.reason]
    if ride.state == Ride.State.MATCHED:
        return f"{ride.driver} is coming"
    if ride.state == Ride.State.RIDING:
        return f"riding with {ride.driver}"
    if ride.state == Ride.State.COMPLETED:
        return "arrived"
    return "no car free, looking again" if ride.no_car_yet else "looking for a car"


def _zones() -> dict[str, dict[str, Any]]:
    """Return each zone's price, and what surge counted last."""
    prices = dict(ZonePrice.objects.values_list("zone", "surge"))
    counted = {zone.name: zone for zone in Zone.objects.all()}
    return {
        key: {
            "surge": f"{prices.get(key, 1):.2f}",
            "demand": counted[key].demand if key in counted else 0,
            "supply": counted[key].supply if key in counted else 0,
        }
        for key in plan.ZONES
    }


def _figures() -> dict[str, Any]:
    """Return the sums of what analytics has counted."""
    names = ("requested", "completed", "cancelled", "refused", "taken")
    sums = ZoneFigures.objects.aggregate(**{name: Sum(name, default=0) for name in names})
    return {name: str(value) for name, value in sums.items()}


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def clock() -> int:
    """Return the database's time, in milliseconds since 1970."""
    return _ms(now())
