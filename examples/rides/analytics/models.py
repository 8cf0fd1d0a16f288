"""The table of analytics: the figures of each zone."""

from decimal import Decimal

from django.db import models

from eventbus import LockingManager


class ZoneFigures(models.Model):
    """What was counted in a zone, since the beginning."""

    zone = models.CharField(max_length=20, primary_key=True)
    requested = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    completed = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    taken = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))

    objects = LockingManager["ZoneFigures"]()

    def __str__(self) -> str:
        return f"{self.zone}: {self.completed} of {self.requested}"
