"""The events of the matching app."""

from uuid import UUID

from eventbus import Deadline, Event


class DriverMatched(Event):
    """A driver takes the ride, and sets off to the rider."""

    ride_id: UUID
    #: that of the ride
    zone: str
    car: str
    driver: str
    stood_at: str
    metres_away: int
    #: how often this car was taken or freed: of two such events the higher one is newer
    turn: int


class NoCarFree(Event):
    """Every car is taken; we look again in a moment."""

    ride_id: UUID
    zone: str


class NoCarFound(Event):
    """We looked for so long that we give up."""

    ride_id: UUID
    zone: str


class CarFreed(Event):
    """A car stands at a corner and is free."""

    car: str
    corner: str
    zone: str
    turn: int


class LookAgainDue(Deadline):
    """It is time to look for a car again."""

    ride_id: UUID
