"""Who waits for what is sold out, and whether it still is."""

from collections.abc import Iterable
from typing import Self
from uuid import uuid4

from django.db import connection, models
from django.utils import timezone

from eventbus import LockingManager
from inventory.events import StockLevel
from shop.events import BackInStockWanted

_NOTE = """
    insert into notifications_shelf (sku, available, revision)
    select * from unnest(%s::text[], %s::int[], %s::bigint[])
    on conflict (sku) do update
    set available = excluded.available, revision = excluded.revision
    where notifications_shelf.revision < excluded.revision
"""


def _to_be_bought(level: StockLevel) -> int:
    """What sells without being there counts as one."""
    return level.available if level.selling == "tracked" else max(level.available, 1)


class Shelf(models.Model):
    """How many units of a variant can be bought, as inventory last stated it.

    Its row is locked by whoever looks for wishes and whoever makes one, so that
    of a wish and a delivery that come together one always sees the other.
    """

    sku = models.CharField("SKU", primary_key=True, max_length=255)
    available = models.IntegerField(default=0)
    revision = models.BigIntegerField(default=-1)

    objects = LockingManager["Shelf"]()

    class Meta:
        verbose_name_plural = "shelves"

    def __str__(self) -> str:
        return f"{self.sku}: {self.available}"

    @classmethod
    def note(cls, levels: Iterable[StockLevel]) -> None:
        """Keep the newest of each level, locked to the end of the transaction."""
        rows = sorted((level.sku, _to_be_bought(level), level.revision) for level in levels)
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [list(column) for column in zip(*rows, strict=True)])


class Wish(models.Model):
    """Somebody wants to hear when a variant can be bought again; kept once, told once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sku = models.CharField("SKU", max_length=255)
    email = models.CharField(max_length=254, help_text="as `mailbox` writes it")
    title = models.TextField()
    url = models.TextField("URL")
    wanted_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "wishes"
        constraints = [
            models.UniqueConstraint(fields=["sku", "email"], name="notifications_wish_once"),
        ]
        indexes = [
            models.Index(
                fields=["sku"], condition=models.Q(told_at=None), name="notifications_wish_open"
            ),
            models.Index(fields=["email"], name="notifications_wish_of"),
        ]

    def __str__(self) -> str:
        return f"{self.email} wants {self.sku}"

    @classmethod
    def keep(cls, wanted: BackInStockWanted) -> None:
        """Keep the wish. One that was told of comes back only if it was stated after that."""
        about = {"sku": wanted.sku, "email": wanted.email}
        new = {
            "title": wanted.title,
            "url": wanted.url,
            "wanted_at": wanted.occurred_at,
        }
        Wish.objects.bulk_create([Wish(**about, **new)], ignore_conflicts=True)
        Wish.objects.filter(**about, told_at__lt=wanted.occurred_at).update(**new, told_at=None)

    @classmethod
    def fulfilled(cls, skus: Iterable[str]) -> list[Self]:
        """The wishes for what is there to be bought now; each is returned once for good."""
        there = Shelf.objects.filter(sku__in=list(skus), available__gt=0).values("sku")
        wishes = list(
            cls.objects.select_for_update().filter(sku__in=there, told_at=None).order_by("pk")
        )
        Wish.objects.filter(pk__in=[wish.pk for wish in wishes]).update(told_at=timezone.now())
        return wishes
