"""Back-in-stock alerts, and the stock that they wait for."""

from collections.abc import Iterable
from typing import Self
from uuid import uuid4

from django.db import connection, models
from django.utils import timezone

from eventbus import LockingManager
from inventory.events import StockLevel
from shop.events import BackInStockAlertRequested

_NOTE = """
    insert into notifications_availablestock (sku, available, revision)
    select * from unnest(%s::text[], %s::int[], %s::bigint[])
    on conflict (sku) do update
    set available = excluded.available, revision = excluded.revision
    where notifications_availablestock.revision < excluded.revision
"""


def _to_be_bought(level: StockLevel) -> int:
    """Return the units that can be bought; a variant that sells without stock counts as one."""
    return level.available if level.selling == "tracked" else max(level.available, 1)


class AvailableStock(models.Model):
    """How many units of a variant can be bought, as inventory last published it.

    Its row is locked by whoever looks for alerts and whoever makes one, so that
    of an alert and a delivery that come together one always sees the other.
    """

    sku = models.CharField("SKU", primary_key=True, max_length=255)
    available = models.IntegerField(default=0)
    revision = models.BigIntegerField(default=-1)

    objects = LockingManager["AvailableStock"]()

    class Meta:
        verbose_name_plural = "available stock"

    def __str__(self) -> str:
        return f"{self.sku}: {self.available}"

    @classmethod
    def record(cls, levels: Iterable[StockLevel]) -> None:
        """Keep the newest of each level, locked to the end of the transaction."""
        newest: dict[str, StockLevel] = {}
        for level in sorted(levels, key=lambda level: (level.sku, level.revision)):
            newest[level.sku] = level
        rows = [(sku, _to_be_bought(level), level.revision) for sku, level in newest.items()]
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [list(column) for column in zip(*rows, strict=True)])


class BackInStockAlert(models.Model):
    """Somebody wants a mail when a variant can be bought again; kept once, sent once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sku = models.CharField("SKU", max_length=255)
    email = models.CharField(max_length=254, help_text="as `mailbox` writes it")
    title = models.TextField()
    url = models.TextField("URL")
    wanted_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "back-in-stock alerts"
        constraints = [
            models.UniqueConstraint(fields=["sku", "email"], name="notifications_alert_once"),
        ]
        indexes = [
            models.Index(
                fields=["sku"], condition=models.Q(sent_at=None), name="notifications_alert_open"
            ),
            models.Index(fields=["email"], name="notifications_alert_of"),
        ]

    def __str__(self) -> str:
        return f"{self.email} wants {self.sku}"

    @classmethod
    def keep(cls, wanted: BackInStockAlertRequested) -> None:
        """Keep the request. An alert that was sent is open again only if asked for after that."""
        about = {"sku": wanted.sku, "email": wanted.email}
        new = {
            "title": wanted.title,
            "url": wanted.url,
            "wanted_at": wanted.occurred_at,
        }
        BackInStockAlert.objects.bulk_create(
            [BackInStockAlert(**about, **new)], ignore_conflicts=True
        )
        BackInStockAlert.objects.filter(**about, sent_at__lt=wanted.occurred_at).update(
            **new, sent_at=None
        )

    @classmethod
    def due(cls, skus: Iterable[str]) -> list[Self]:
        """Return the open alerts for what can be bought now; each is returned once for good."""
        there = AvailableStock.objects.filter(sku__in=list(skus), available__gt=0).values("sku")
        alerts = list(
            cls.objects.select_for_update().filter(sku__in=there, sent_at=None).order_by("pk")
        )
        BackInStockAlert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(
            sent_at=timezone.now()
        )
        return alerts
