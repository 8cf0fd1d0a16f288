"""The tables of the rides app: each ride, and the prices that it has heard of."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import models

from eventbus import LockingManager
from matching.events import DriverMatched
from rides.events import Reason
from surge.events import SurgeChanged

#: Letters of a rider's name.
LONGEST_NAME = 40


class Ride(models.Model):
    """A ride, from the request to its end."""

    class State(models.TextChoices):
        REQUESTED = "requested", "looking for a car"
        MATCHED = "matched", "the car is on its way"
        RIDING = "riding"
        COMPLETED = "completed"
        CANCELLED = "cancelled"

    OPEN = (State.REQUESTED, State.MATCHED, State.RIDING)
    #: Nobody is put out of a car.
    NOT_YET_RIDING = (State.REQUESTED, State.MATCHED)

    ride_id = models.UUIDField(primary_key=True)
    rider = models.CharField(max_length=LONGEST_NAME)
    pickup = models.CharField(max_length=2)
    dropoff = models.CharField(max_length=2)
    zone = models.CharField(max_length=20)
    metres = models.PositiveIntegerField()
    fare = models.DecimalField(max_digits=8, decimal_places=2)
    surge = models.DecimalField(max_digits=4, decimal_places=2)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    reason = models.CharField(max_length=10, blank=True, help_text="why it was cancelled")
    doubts = models.JSONField(default=list, help_text="what fraud has against it")
    no_car_yet = models.BooleanField(default=False, help_text="matching looked in vain")
    car = models.CharField(max_length=10, blank=True)
    driver = models.CharField(max_length=40, blank=True)
    car_from = models.CharField(max_length=2, blank=True, help_text="where the car stood")
    requested_at = models.DateTimeField()
    leg_began_at = models.DateTimeField(null=True, help_text="when the car began to drive")
    leg_ends_at = models.DateTimeField(null=True, help_text="when it is to be there")
    ended_at = models.DateTimeField(null=True)

    objects = LockingManager["Ride"]()

    class Meta:
        indexes = [models.Index(fields=["-requested_at"], name="rides_newest")]

    def __str__(self) -> str:
        return f"{self.ride_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def match(self, event: DriverMatched, at: datetime, takes: timedelta) -> None:
        """Note which car comes, and when it will be there."""
        self.state, self.no_car_yet = self.State.MATCHED, False
        self.car, self.driver, self.car_from = event.car, event.driver, event.stood_at
        self.leg_began_at, self.leg_ends_at = at, at + takes

    def start(self, at: datetime, takes: timedelta) -> None:
        """Note that the rider is in the car, and when they will be there."""
        self.state = self.State.RIDING
        self.leg_began_at, self.leg_ends_at = at, at + takes

    def complete(self, at: datetime) -> None:
        """Note that the rider has arrived."""
        self.state, self.ended_at = self.State.COMPLETED, at

    def cancel(self, reason: Reason, at: datetime) -> None:
        """Note that there will be no ride, and why."""
        self.state, self.reason, self.ended_at = self.State.CANCELLED, reason, at


class ZonePrice(models.Model):
    """What fares are multiplied by in a zone, as surge last said."""

    zone = models.CharField(max_length=20, primary_key=True)
    surge = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal(1))
    change = models.PositiveIntegerField(default=0, help_text="of several, the highest is newest")

    objects = LockingManager["ZonePrice"]()

    def __str__(self) -> str:
        return f"{self.zone}: × {self.surge}"

    def take(self, event: SurgeChanged) -> None:
        """Take over a price, unless a newer one is known."""
        if event.change > self.change:
            self.surge, self.change = event.surge, event.change
