"""What of an order will not come: all of it, as somebody wants, or some units."""

from decimal import Decimal

from django.db import models
from django.utils import timezone


class Cancellation(models.Model):
    """The columns of an order that say what of it will not come, and why."""

    cancel_reason = models.CharField(max_length=20, blank=True)
    cancel_detail = models.TextField(blank=True)
    cancel_restock = models.BooleanField(
        default=True, db_default=True, help_text="whether its goods go on sale"
    )
    cancel_refund = models.BooleanField(
        default=True, db_default=True, help_text="whether its money goes back"
    )
    reduced_at = models.DateTimeField(null=True, help_text="when units of it were last given up")
    reduced_reason = models.CharField(max_length=20, blank=True, db_default="")
    reduced_amount = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        help_text="what is to go back for units that will not come",
    )
    closed = models.PositiveIntegerField(
        default=0, db_default=0, help_text="units that will not come"
    )
    missing = models.PositiveIntegerField(
        default=0, db_default=0, help_text="units that shipping says will not come"
    )

    class Meta:
        abstract = True

    def knows_what_is_missing(self) -> bool:
        """Tell whether every unit that shipping counts as missing has been given up here."""
        return self.closed >= self.missing

    def reduce(self, units: int, amount: Decimal, reason: str) -> None:
        """Record that units will not come, and what is to go back for them."""
        self.closed += units
        self.reduced_amount += amount
        self.reduced_at, self.reduced_reason = timezone.now(), reason

    def clear_request(self) -> None:
        """Forget that somebody wanted it cancelled."""
        self.cancel_reason = self.cancel_detail = ""
        self.cancel_restock = self.cancel_refund = True
