"""Stock by SKU, and the ledger of every movement of units."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, NoReturn, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from eventbus import LockingManager
from inventory.errors import LedgerIsFinal

#: Units of one SKU that can be counted.
MOST_UNITS = 2**31 - 1


class Effect(NamedTuple):
    """What is added to the columns of a SKU's row."""

    received: int = 0
    on_hand: int = 0
    reserved: int = 0
    sold: int = 0

    def plus(self, other: "Effect", times: int) -> "Effect":
        return Effect(*(mine + its * times for mine, its in zip(self, other, strict=True)))


class Stock(models.Model):
    """How many units of one SKU there are and where they stand; changed by `booking` alone."""

    class Selling(models.TextChoices):
        TRACKED = "tracked", "while there is stock"
        BACKORDER = "backorder", "also when there is none, as a back-order"
        UNTRACKED = "untracked", "without counting"
        UNCOUNTED = "uncounted", "without counting, until it is counted"

    COUNTED = (Selling.TRACKED, Selling.BACKORDER)

    sku = models.CharField("SKU", primary_key=True, max_length=255)
    received = models.IntegerField(default=0, help_text="ever came in, corrected by staff")
    on_hand = models.IntegerField(default=0, help_text="can still be promised")
    reserved = models.IntegerField(default=0, help_text="promised to orders, not yet shipped")
    sold = models.IntegerField(default=0, help_text="shipped and not returned")
    revision = models.IntegerField(default=0, help_text="rises with every change")
    selling = models.CharField(max_length=10, choices=Selling, default=Selling.TRACKED)
    selling_since = models.DateTimeField(null=True, help_text="when that was emitted")
    floor = models.IntegerField(
        null=True,
        default=0,
        help_text="what can be promised never goes below; empty: back-orders may take it anywhere",
    )

    objects = LockingManager["Stock"]()

    class Meta:
        verbose_name_plural = "stock"
        ordering = ["sku"]
        constraints = [
            models.CheckConstraint(
                condition=Q(on_hand__gte=F("floor")), name="stock_never_oversold"
            ),
            models.CheckConstraint(condition=Q(floor__lte=0), name="stock_floor_not_above_zero"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved_positive"),
            models.CheckConstraint(condition=Q(sold__gte=0), name="stock_sold_positive"),
            models.CheckConstraint(
                condition=Q(received=F("on_hand") + F("reserved") + F("sold")),
                name="stock_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku}: {self.on_hand}"

    @property
    def is_counted(self) -> bool:
        """Tell whether it is held for orders; what is not counted is promised without."""
        return self.selling in self.COUNTED

    def lacks(self, units: int) -> bool:
        """Return whether so many units cannot go; what comes in always may."""
        return self.floor is not None and units > 0 and self.on_hand < units

    def move(self, effect: "Effect") -> None:
        """Take over what a change did.

        What back-orders owe is made good and not taken anew; what was not counted is, once units
        come.
        """
        self.received += effect.received
        self.on_hand += effect.on_hand
        self.reserved += effect.reserved
        self.sold += effect.sold
        self.revision += 1
        if self.floor:
            self.floor = min(0, max(self.floor, self.on_hand))
        if self.selling == self.Selling.UNCOUNTED and effect.received:
            self.selling = self.Selling.TRACKED

    def sell(self, selling: str, since: datetime) -> bool:
        """Be sold like this, unless something newer was emitted; returns whether that is news.

        What back-orders took stays owed: from then on nothing more may be taken.
        """
        if self.selling_since and since <= self.selling_since:
            return False
        is_news = selling != self.selling
        self.selling, self.selling_since = selling, since
        self.floor = None if selling == self.Selling.BACKORDER else min(0, self.on_hand)
        return is_news


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

    @classmethod
    def that_came(cls, skus: Iterable[str]) -> models.QuerySet[Self]:
        """Return how units of these came in. One row, even of 0 units: the SKU was counted."""
        came = (cls.Kind.OPENING, cls.Kind.RECEIVED, cls.Kind.ADJUSTED)
        return cls.objects.filter(sku__in=list(skus), kind__in=came)


#: Units by kind of movement and SKU.
Units = Mapping[tuple[Movement.Kind, str], int]


class Receipt(models.Model):
    """A delivery of goods under a reference of its sender's: taken in once."""

    reference = models.CharField(primary_key=True, max_length=255)
    change_id = models.UUIDField(unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.reference
