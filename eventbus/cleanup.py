"""Delete or lock rows in small batches, skipping locked ones."""

from typing import TypeVar

from django.db import models, transaction

Row = TypeVar("Row", bound=models.Model)

#: Rows that go at one go.
AT_ONCE = 1000


def lock_some(rows: "models.QuerySet[Row]") -> list[Row]:
    """Lock some of these rows, but none that somebody works on; inside a transaction."""
    return list(rows.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])


@transaction.atomic
def delete_some(rows: "models.QuerySet[Row]") -> None:
    """Delete some of these rows with what belongs to them, but none that somebody works on."""
    found = lock_some(rows.only("pk"))
    rows.model._default_manager.filter(pk__in=[row.pk for row in found]).delete()
