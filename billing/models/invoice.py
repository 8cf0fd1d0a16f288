"""The invoice of a taken payment."""

from typing import Self

from django.db import connection, models
from django.db.models import Max
from django.utils import timezone

from billing.models.charge import Charge


class Invoice(models.Model):
    """A taken payment's invoice; its number is the row's, and none is ever left out."""

    id = models.BigIntegerField(primary_key=True, editable=False)
    charge = models.OneToOneField(Charge, models.PROTECT, related_name="invoice")
    total = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    issued_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.number

    @classmethod
    def issue(cls, charge: Charge) -> Self:
        """Write the invoice of a taken payment; the next one's waits until this is committed.

        A sequence would leave out the number of a transaction that was rolled back.
        """
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended('billing.Invoice', 0))")
        last = cls.objects.aggregate(last=Max("id", default=0))["last"]
        return cls.objects.create(
            id=last + 1, charge=charge, total=charge.captured, currency=charge.currency
        )

    @property
    def number(self) -> str:
        return f"INV-{self.id:08}"
