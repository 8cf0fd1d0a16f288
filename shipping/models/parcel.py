"""What is in which parcel, and how far it got."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Self

from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone

from eventbus import LockingManager
from orders.events import OrderLine
from shipping.events import ShippedLine

if TYPE_CHECKING:
    from shipping.models.shipment import Shipment


class ShipmentLine(models.Model):
    """A line of the order, and how much of it is in parcels."""

    shipment = models.ForeignKey("Shipment", models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(help_text="on the order, from 1")
    sku = models.CharField("SKU", max_length=255)
    title = models.TextField()
    quantity = models.PositiveIntegerField()
    shipped = models.PositiveIntegerField(default=0, help_text="units in parcels")
    closed = models.PositiveIntegerField(
        default=0, db_default=0, help_text="units that will not be shipped"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "position"], name="shipping_line_once"),
            models.CheckConstraint(
                name="shipping_line_never_more_than_ordered",
                condition=Q(quantity__gte=F("shipped") + F("closed")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku}"

    @classmethod
    def of(cls, shipment: "Shipment", line: OrderLine) -> Self:
        """Return the line as ordered, not yet saved."""
        return cls(
            shipment=shipment,
            position=line.line,
            sku=line.sku,
            title=line.title,
            quantity=line.quantity,
        )

    def units(self, quantity: int) -> ShippedLine:
        """State so many units of the line."""
        return ShippedLine(line=self.position, sku=self.sku, title=self.title, quantity=quantity)

    @property
    def left(self) -> int:
        """Units that can still be put into a parcel."""
        return self.quantity - self.shipped - self.closed


class Parcel(models.Model):
    """A parcel. Its id is our reference at the carrier: one hand-over each."""

    id = models.UUIDField(primary_key=True)
    shipment = models.ForeignKey("Shipment", models.CASCADE, related_name="parcels")
    units = models.PositiveIntegerField()
    packed_by = models.CharField(max_length=150, blank=True, help_text="empty: by itself")
    packed_at = models.DateTimeField(default=timezone.now)
    carrier = models.CharField(max_length=100, blank=True)
    label = models.CharField(
        max_length=50,
        blank=True,
        db_default="",
        help_text="tracking number of the label staff put on it",
    )
    tracking_number = models.CharField(max_length=100, blank=True)
    expected_at = models.DateTimeField(null=True, help_text="at the doorstep, says the carrier")
    handed_over_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True, help_text="when it was given up on its way")

    #: units by line of a parcel that is not saved yet
    packed: Mapping[ShipmentLine, int]

    objects = LockingManager["Parcel"]()

    class Meta:
        ordering = ["packed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"],
                condition=~Q(tracking_number=""),
                name="shipping_tracking_number_once",
            ),
            models.UniqueConstraint(
                fields=["label"], condition=~Q(label=""), name="shipping_label_once"
            ),
            models.CheckConstraint(
                name="shipping_handed_over_with_number",
                condition=Q(handed_over_at__isnull=True) ^ ~Q(tracking_number=""),
            ),
            models.CheckConstraint(
                name="shipping_delivered_after_handed_over",
                condition=Q(delivered_at__isnull=True) | Q(handed_over_at__isnull=False),
            ),
            models.CheckConstraint(
                name="shipping_lost_after_handed_over",
                condition=Q(lost_at__isnull=True)
                | Q(handed_over_at__isnull=False, delivered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number or str(self.id)

    @cached_property
    def contents(self) -> tuple[ShippedLine, ...]:
        """Return what the parcel holds."""
        lines = self.lines.select_related("line").order_by("line__position")
        return tuple(part.line.units(part.quantity) for part in lines)

    @classmethod
    def save_packed(cls, parcels: Sequence[Self]) -> None:
        """Save new parcels and what is in them."""
        if not parcels:
            return
        cls.objects.bulk_create(parcels)
        parts = [(each, line, units) for each in parcels for line, units in each.packed.items()]
        with connection.cursor() as cursor:
            cursor.execute(
                _PUT_INTO_PARCELS,
                [
                    [parcel.id for parcel, _, _ in parts],
                    [line.id for _, line, _ in parts],
                    [units for _, _, units in parts],
                ],
            )
        for parcel in parcels:
            in_order = sorted(parcel.packed, key=attrgetter("position"))
            parcel.contents = tuple(line.units(parcel.packed[line]) for line in in_order)

    def hand_over(self, carrier: str, tracking_number: str, expected_at: datetime) -> None:
        """Record that the carrier took it, and when it expects to deliver it."""
        self.carrier, self.tracking_number = carrier, tracking_number
        self.expected_at, self.handed_over_at = expected_at, timezone.now()

    def deliver(self) -> None:
        """Record that it reached the doorstep."""
        self.delivered_at = timezone.now()

    @property
    def is_on_its_way(self) -> bool:
        """Return whether the carrier has it, and nothing is known of its end."""
        return bool(self.handed_over_at and not self.delivered_at and not self.lost_at)

    def lose(self) -> None:
        """Record that it will not arrive."""
        self.lost_at = timezone.now()


_PUT_INTO_PARCELS = """
    with part as (
        insert into shipping_parcelline (parcel_id, line_id, quantity)
        select * from unnest(%s::uuid[], %s::bigint[], %s::int[])
        returning line_id, quantity
    )
    update shipping_shipmentline as line set shipped = line.shipped + part.quantity
    from part where line.id = part.line_id
"""


class ParcelLine(models.Model):
    """Units of one line in one parcel."""

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="lines")
    line = models.ForeignKey(ShipmentLine, models.CASCADE, related_name="parcel_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parcel", "line"], name="shipping_parcel_line_once"),
            models.CheckConstraint(
                name="shipping_parcel_line_not_empty", condition=Q(quantity__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.line_id}"
