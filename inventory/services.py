"""Stock work that a person starts: goods come in, a count is put right."""

from collections.abc import Mapping
from uuid import uuid4

from django.db import transaction

from inventory.booking import Change, book
from inventory.errors import NothingReceived, UnknownSku
from inventory.models import Movement, Receipt, Stock


@transaction.atomic
def receive_stock(
    units: Mapping[str, int], reason: str, *, reference: str = "", by: str = ""
) -> bool:
    """Take in goods: whole units by SKU, known or new, in a handful of statements.

    `reference` names the delivery: the same one a second time changes nothing.
    Returns whether the units were taken in. Raises `NothingReceived`, naming
    the SKUs, when fewer than one unit of something would come.
    """
    if nothing := sorted(sku for sku, count in units.items() if count < 1):
        raise NothingReceived(", ".join(nothing))
    change = Change(uuid4(), reason, by=by)
    if reference and not _is_first(reference, change):
        return False
    # In one order everywhere, so that two deliveries cannot lock each other out.
    Stock.objects.bulk_create((Stock(sku=sku) for sku in sorted(units)), ignore_conflicts=True)
    book(change, {(Movement.Kind.RECEIVED, sku): count for sku, count in units.items()})
    return True


@transaction.atomic
def adjust_stock(sku: str, delta: int, reason: str, by: str) -> None:
    """Put a count right by `delta` units, above or below 0; `by` is who says so.

    Raises `UnknownSku`, or `NotEnoughStock` when fewer units are free than
    would go: what is promised to orders cannot be taken away.
    """
    if not Stock.objects.filter(sku=sku).exists():
        raise UnknownSku(sku)
    book(Change(uuid4(), reason, by=by), {(Movement.Kind.ADJUSTED, sku): delta})


def _is_first(reference: str, change: Change) -> bool:
    _, is_first = Receipt.objects.get_or_create(
        reference=reference, defaults={"change_id": change.id}
    )
    return is_first
