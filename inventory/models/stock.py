"""Stock by SKU, and the ledger of every movement of units."""

from collections.abc import Mapping
from typing import Any, NoReturn

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inventory.errors import LedgerIsFinal

#: Units of one SKU that can be counted.
MOST_UNITS = 2**31 - 1


class Stock(models.Model):
    """How many units of one SKU there are and where they stand; changed by `book` alone."""

    sku = models.CharField("SKU", primary_key=True, max_length=255)
    received = models.IntegerField(default=0, help_text="ever came in, corrected by staff")
    on_hand = models.IntegerField(default=0, help_text="can still be promised")
    reserved = models.IntegerField(default=0, help_text="promised to orders, not yet shipped")
    sold = models.IntegerField(default=0, help_text="shipped and not returned")
    revision = models.IntegerField(default=0, help_text="rises with every change")

    class Meta:
        verbose_name_plural = "stock"
        ordering = ["sku"]
        constraints = [
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_never_oversold"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved_positive"),
            models.CheckConstraint(condition=Q(sold__gte=0), name="stock_sold_positive"),
            models.CheckConstraint(
                condition=Q(received=F("on_hand") + F("reserved") + F("sold")),
                name="stock_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku}: {self.on_hand}"


class Movement(models.Model):
    """Units of one SKU that moved in one change. Append-only: the stock is their sum."""

    class Kind(models.TextChoices):
        OPENING = "opening", "opening stock"
        RECEIVED = "received"
        ADJUSTED = "adjusted", "adjusted by staff"
        RESERVED = "reserved", "reserved for an order"
        RELEASED = "released", "released from an order"
        SOLD = "sold"
        RETURNED = "returned"

    change_id = models.UUIDField()
    sku = models.CharField("SKU", max_length=255)
    kind = models.CharField(max_length=10, choices=Kind)
    quantity = models.IntegerField(
        help_text="units; below 0 where staff took some away or a release was undone"
    )
    reason = models.CharField(max_length=255)
    by = models.CharField(max_length=150, blank=True, help_text="who of the staff")
    order_id = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["change_id", "sku", "kind"], name="movement_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0) | Q(kind__in=["adjusted", "released"]),
                name="movement_direction",
            ),
        ]
        indexes = [
            models.Index(fields=["sku", "at"], name="movement_sku"),
            models.Index(
                fields=["order_id"], condition=Q(order_id__isnull=False), name="movement_order"
            ),
            models.Index(fields=["at"], name="movement_at"),
        ]

    def __str__(self) -> str:
        return f"{self.sku}: {self.kind} {self.quantity}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LedgerIsFinal(str(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerIsFinal(str(self))


#: Units by kind of movement and SKU.
Units = Mapping[tuple[Movement.Kind, str], int]


class Receipt(models.Model):
    """A delivery of goods under a reference of its sender's: taken in once."""

    reference = models.CharField(primary_key=True, max_length=255)
    change_id = models.UUIDField(unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.reference
