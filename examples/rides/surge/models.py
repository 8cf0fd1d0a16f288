"""The tables of surge: the zones with their prices, who asked lately, and which cars are free."""

from datetime import datetime
from decimal import Decimal

from django.db import models

from eventbus import LockingManager


class Zone(models.Model):
    """A zone and what its fares are multiplied by."""

    name = models.CharField(max_length=20, primary_key=True)
    surge = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal(1))
    change = models.PositiveIntegerField(default=0)
    demand = models.PositiveIntegerField(default=0)
    supply = models.PositiveIntegerField(default=0)
    review_at = models.DateTimeField(null=True, help_text="when it is looked at again")

    objects = LockingManager["Zone"]()

    def __str__(self) -> str:
        return f"{self.name}: × {self.surge}"

    def count(self, demand: int, supply: int) -> bool:
        """Take down what was counted; returns whether the price is another one."""
        self.demand, self.supply = demand, supply
        before, self.surge = self.surge, multiplier(demand, supply)
        self.change += self.surge != before
        return self.surge != before


class Asked(models.Model):
    """A rider asked in a zone."""

    ride_id = models.UUIDField(primary_key=True)
    zone = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["zone", "at"], name="surge_lately")]

    def __str__(self) -> str:
        return f"{self.zone} at {self.at}"

    @classmethod
    def since(cls, moment: datetime, zone: str) -> int:
        """Count who asked in a zone since then."""
        return cls.objects.filter(zone=zone, at__gte=moment).count()


class Standing(models.Model):
    """A car, free in a zone or not, as of its latest turn."""

    car = models.CharField(max_length=10, primary_key=True)
    zone = models.CharField(max_length=20, blank=True, help_text="empty: it is taken")
    turn = models.PositiveIntegerField(default=0)

    objects = LockingManager["Standing"]()

    def __str__(self) -> str:
        return f"{self.car}: {self.zone or 'taken'}"

    def move(self, zone: str, turn: int) -> str:
        """Note where it is since this turn, unless a newer one is known; returns where it was."""
        if turn <= self.turn:
            return ""
        before, self.zone, self.turn = self.zone, zone, turn
        return before


#: What one more rider than cars adds, and the highest price.
STEP, HIGHEST = Decimal("0.25"), Decimal(3)


def multiplier(demand: int, supply: int) -> Decimal:
    """Return what fares are multiplied by: 1 while there is a car for each who asks."""
    return min(1 + STEP * max(demand - supply, 0), HIGHEST)
