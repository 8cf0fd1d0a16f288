"""`manage.py send_riders`: a little traffic, so that there is something to see."""

import time
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from rides.models import Ride
from rides.services import request_ride
from town.plan import CORNERS, ZONES, zone

RIDERS = (
    *("Alma", "Boris", "Carla", "Dev", "Elif", "Finn", "Greta", "Hana", "Ivo", "Jana", "Karim"),
    *("Lotte", "Milan", "Nadia", "Oskar", "Petra", "Quim", "Rania", "Stina", "Tariq", "Ursa"),
)
#: Somebody with quick fingers, of whom fraud thinks ill.
QUICK = "Mallory"
#: While so many rides are open nobody else asks.
MOST_OPEN = 30
#: One in so many moments something ends in some zone, and all want to go home.
CROWD_EVERY, CROWD = 18, 9
#: One in so many moments it is the one with the quick fingers.
QUICK_EVERY, QUICK_RIDES = 45, 5


class Command(BaseCommand):
    help = "Send riders into the town, now and then a crowd, until as many have asked as may."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rides", type=int, default=1000, help="at most; default 1000")
        parser.add_argument("--every", type=float, default=1.6, help="seconds; default 1.6")

    def handle(self, *args: Any, **options: Any) -> None:
        chance, left = Random(), options["rides"]
        while left > 0:
            for rider, pickup, dropoff in _moment(chance)[:left]:
                if Ride.objects.filter(state__in=Ride.OPEN).count() < MOST_OPEN:
                    request_ride(rider, pickup, dropoff)
                    left -= 1
                time.sleep(0.1)
            time.sleep(options["every"] * chance.uniform(0.4, 1.6))


def _moment(chance: Random) -> list[tuple[str, str, str]]:
    """Return who asks next: most often one rider."""
    if chance.randrange(CROWD_EVERY) == 0:
        place = chance.choice(list(ZONES))
        there = [corner for corner in CORNERS if zone(corner) == place]
        return [_trip(chance, chance.choice(RIDERS), there) for _ in range(CROWD)]
    if chance.randrange(QUICK_EVERY) == 0:
        return [_trip(chance, QUICK, CORNERS) for _ in range(QUICK_RIDES)]
    return [_trip(chance, chance.choice(RIDERS), CORNERS)]


def _trip(
    chance: Random, rider: str, pickups: "list[str] | tuple[str, ...]"
) -> tuple[str, str, str]:
    pickup = chance.choice(pickups)
    return rider, pickup, chance.choice([corner for corner in CORNERS if corner != pickup])
