"""The events of the rides app."""

from decimal import Decimal
from typing import Literal
from uuid import UUID

from eventbus import Deadline, Event

Reason = Literal["no car", "refused", "rider"]


class RideRequested(Event):
    """A rider asked for a ride, at the price of that moment."""

    ride_id: UUID
    rider: str
    pickup: str
    dropoff: str
    #: that of the pickup
    zone: str
    metres: int
    fare: Decimal
    #: what the fare was multiplied by
    surge: Decimal


class RideStarted(Event):
    """The rider is in the car."""

    ride_id: UUID
    car: str
    zone: str


class RideCompleted(Event):
    """The rider is where they wanted to be, and pays."""

    ride_id: UUID
    car: str
    dropoff: str
    zone: str
    fare: Decimal


class RideCancelled(Event):
    """There will be no such ride: no car came free, the rider was refused, or thought better."""

    ride_id: UUID
    zone: str
    reason: Reason


class PickupDue(Deadline):
    """The car is to be at the corner where the rider waits."""

    ride_id: UUID


class DropoffDue(Deadline):
    """The car is to be where the rider wants to go."""

    ride_id: UUID
