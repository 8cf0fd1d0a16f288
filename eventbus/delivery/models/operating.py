"""Pauses, and the log of operators' actions."""

from django.db import models
from django.db.models.functions import Now


class Pause(models.Model):
    """An app, or one of its reactions, that is to react to nothing for now.

    In the database: it survives restarts of every process.
    """

    app = models.CharField(max_length=50)
    reaction = models.CharField(max_length=100, blank=True, help_text="empty: the whole app")
    by = models.CharField(max_length=150)
    reason = models.CharField(max_length=500)
    since = models.DateTimeField(db_default=Now())
    held_for = models.CharField(
        max_length=20, blank=True, db_default="", help_text="the work that ends it, if any"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["app", "reaction"], name="eventbus_paused_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, paused by {self.by}"

    @property
    def name(self) -> str:
        """Return what is paused: `shipping`, or `shipping.prepare_shipment`."""
        return f"{self.app}.{self.reaction}" if self.reaction else self.app


class OperatorAction(models.Model):
    """Something an operator did to a delivery, a reaction or an app, kept for good."""

    class Kind(models.TextChoices):
        PAUSED = "paused"
        RESUMED = "resumed"
        RETRIED = "retried"
        DISCARDED = "discarded"
        NOTED = "noted"
        PARKED = "parked"
        BUDGETED = "budgeted"
        TESTED = "tested"

    kind = models.CharField(max_length=10, choices=Kind)
    app = models.CharField(max_length=50)
    reaction = models.CharField(max_length=100, blank=True)
    delivery_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["-at"], name="eventbus_operatoraction_at"),
            models.Index(fields=["delivery_id"], name="eventbus_action_delivery"),
        ]

    def __str__(self) -> str:
        return f"{self.app}.{self.reaction or '*'} {self.kind} by {self.by}"
