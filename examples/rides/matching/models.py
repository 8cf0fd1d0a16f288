"""The tables of matching: the cars, and the search for one that each ride is."""

from typing import Self

from django.db import models

from eventbus import LockingManager
from rides.events import RideRequested
from town.routes import metres


class Car(models.Model):
    """A car: where it stands, or stood when it was taken, and for which ride."""

    name = models.CharField(max_length=10, primary_key=True)
    driver = models.CharField(max_length=40)
    corner = models.CharField(max_length=2)
    ride_id = models.UUIDField(null=True, unique=True, help_text="empty: it is free")
    turn = models.PositiveIntegerField(default=0, help_text="times it was taken or freed")

    objects = LockingManager["Car"]()

    def __str__(self) -> str:
        return f"{self.name} at {self.corner}"

    @classmethod
    def nearest_free(cls, corner: str) -> Self | None:
        """Lock the nearest free car, by way of the streets, and return it, if there is one."""
        free = cls.objects.filter(ride_id=None)
        for car in sorted(free, key=lambda car: metres(car.corner, corner)):
            locked = free.select_for_update(skip_locked=True).filter(pk=car.pk).first()
            if locked:
                return locked
        return None


class Search(models.Model):
    """The search for a ride's car. It may hear of the ride's end before its beginning."""

    class State(models.TextChoices):
        NEW = "new"
        OPEN = "open"
        MATCHED = "matched"
        OVER = "over"

    ride_id = models.UUIDField(primary_key=True)
    state = models.CharField(max_length=7, choices=State, default=State.NEW)
    pickup = models.CharField(max_length=2, blank=True)
    zone = models.CharField(max_length=20, blank=True)
    looks = models.PositiveSmallIntegerField(default=0, help_text="how often we looked in vain")

    objects = LockingManager["Search"]()

    def __str__(self) -> str:
        return f"{self.ride_id}: {self.state}"

    def begin(self, event: RideRequested) -> None:
        """Take down what is looked for; nothing when the ride is over already."""
        if self.state == self.State.NEW:
            self.state, self.pickup, self.zone = self.State.OPEN, event.pickup, event.zone
