"""The invoice of a taken payment."""

from typing import Any, Self

from django.db import connection, models
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
        invoice = cls(charge=charge, total=charge.captured, currency=charge.currency)
        values: list[Any] = [charge.pk, invoice.total, invoice.currency, invoice.issued_at]
        with connection.cursor() as cursor:
            # A statement of its own: the next one sees what was committed while this one waited.
            cursor.execute("select pg_advisory_xact_lock(hashtextextended('billing.Invoice', 0))")
            cursor.execute(_ISSUE, values)
            (invoice.id,) = cursor.fetchone()
        return invoice

    @property
    def number(self) -> str:
        return f"INV-{self.id:08}"


_ISSUE = """
    insert into billing_invoice (id, charge_id, total, currency, issued_at)
    select coalesce(max(id), 0) + 1, %s, %s, %s, %s from billing_invoice
    returning id
"""
