"""Goods on their way back to us."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from eventbus import LockingManager
from orders.events import ReturnApproved
from shipping.events import ShippedLine
from shipping.models.shipment import Shipment


class ReturnParcel(models.Model):
    """What the carrier fetches of an approved return, whose id is our reference there."""

    id = models.UUIDField(primary_key=True)
    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="return_parcels")
    lines = models.JSONField(help_text="what comes back")
    carrier = models.CharField(max_length=100, blank=True)
    tracking_number = models.CharField(max_length=100, blank=True)
    expected_at = models.DateTimeField(null=True, help_text="here, says the carrier")
    approved_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)

    objects = LockingManager["ReturnParcel"]()

    class Meta:
        ordering = ["approved_at"]
        constraints = [
            models.CheckConstraint(
                name="shipping_return_booked_with_number",
                condition=Q(booked_at__isnull=True) ^ ~Q(tracking_number=""),
            ),
            models.CheckConstraint(
                name="shipping_return_arrived_after_booked",
                condition=Q(arrived_at__isnull=True) | Q(booked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number or str(self.id)

    @classmethod
    def of(cls, event: ReturnApproved) -> "ReturnParcel":
        """Return the parcel of an approved return, made if there is none."""
        lines = [
            ShippedLine(sku=line.sku, title=line.title, quantity=line.quantity).model_dump()
            for line in event.lines
        ]
        new = {"shipment_id": event.order_id, "lines": lines, "approved_at": event.occurred_at}
        locked = cls.objects.get_or_create_for_update(new, pk=event.return_id, mostly_new=True)
        with locked as parcel:
            return parcel

    @property
    def contents(self) -> tuple[ShippedLine, ...]:
        """Return what comes back."""
        return tuple(ShippedLine.model_validate(line) for line in self.lines)

    def book(self, carrier: str, tracking_number: str, expected_at: datetime) -> None:
        """Record that the carrier is going to fetch it."""
        self.carrier, self.tracking_number = carrier, tracking_number
        self.expected_at, self.booked_at = expected_at, timezone.now()
        self.save(update_fields=["carrier", "tracking_number", "expected_at", "booked_at"])

    def arrive(self) -> None:
        """Record that it is here."""
        self.arrived_at = timezone.now()
        self.save(update_fields=["arrived_at"])
