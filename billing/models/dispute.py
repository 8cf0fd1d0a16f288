"""Payments that shoppers dispute with their bank."""

from django.db import models
from django.utils import timezone


class Dispute(models.Model):
    """One dispute, as the processor last told of it."""

    class State(models.TextChoices):
        ASKED = "asked", "the bank asks, nothing is withheld"
        OPEN = "open", "the amount is withheld"
        WON = "won"
        LOST = "lost", "the shopper has the money"

    #: while it is so, the processor may still tell of another end
    GOING_ON = (State.ASKED, State.OPEN)

    reference = models.CharField(
        primary_key=True, max_length=255, help_text="as the processor calls it"
    )
    charge = models.ForeignKey("billing.Charge", models.PROTECT, related_name="disputes")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    state = models.CharField(max_length=5, choices=State)
    reason = models.CharField(max_length=100, blank=True, help_text="the processor's code")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.reference}: {self.state}"
