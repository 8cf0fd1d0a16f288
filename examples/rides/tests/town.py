"""A town to try things in."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import TestCase

from eventbus.testing import later, settle
from matching.fleet import put_on_the_road
from rides.models import Ride
from rides.services import request_ride


class TownTestCase(TestCase):
    """A town with four cars."""

    def setUp(self) -> None:
        put_on_the_road(4)
        settle()


def ask(rider: str = "Alma", pickup: str = "b2", dropoff: str = "g5") -> UUID:
    return request_ride(rider, pickup, dropoff)


def state(ride_id: UUID) -> str:
    return Ride.objects.get(pk=ride_id).state


def come_to_rest(**how: Any) -> None:
    """Let ten minutes pass, in which all that happens does, as `settle` has it."""
    with later(timedelta(minutes=10)):
        settle(**how)
