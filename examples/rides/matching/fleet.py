"""Taking cars and freeing them, which others hear of."""

from django.db import transaction

from eventbus import emit, emits
from matching.events import CarFreed, DriverMatched
from matching.models import Car, Search
from town.plan import CORNERS, zone
from town.routes import metres

DRIVERS = (
    *("Ada", "Bruno", "Chidi", "Dora", "Emre", "Fatou", "Gita", "Hugo", "Ines", "Jun", "Kofi"),
    *("Lena", "Marek", "Noor", "Olga", "Pavel", "Rosa", "Samir", "Tove", "Uma", "Vito", "Wanda"),
)
#: From one car to the next, in corners: they stand all over the town.
SPREAD = 23


def take(car: Car, search: Search) -> None:
    """Send a free car, locked, to the rider."""
    car.ride_id, car.turn = search.ride_id, car.turn + 1
    car.save(update_fields=["ride_id", "turn"])
    emit(
        DriverMatched(
            ride_id=search.ride_id,
            zone=search.zone,
            car=car.name,
            driver=car.driver,
            stood_at=car.corner,
            metres_away=metres(car.corner, search.pickup),
            turn=car.turn,
        )
    )


def free(car: Car, corner: str) -> None:
    """Have a car, locked, stand free at a corner."""
    car.ride_id, car.corner, car.turn = None, corner, car.turn + 1
    car.save(update_fields=["ride_id", "corner", "turn"])
    emit(CarFreed(car=car.name, corner=corner, zone=zone(corner), turn=car.turn))


@emits(CarFreed)
@transaction.atomic
def put_on_the_road(count: int) -> None:
    """Have `count` cars drive in this town, at most one for each driver; those there stay."""
    for number, driver in enumerate(DRIVERS[:count]):
        car, is_new = Car.objects.get_or_create(name=f"K{number + 1}", driver=driver)
        if is_new:
            free(car, CORNERS[number * SPREAD % len(CORNERS)])
