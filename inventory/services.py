"""Stock work that a person starts: goods come in, a count is put right."""

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from eventbus import emits
from inventory.booking import MOVING, Change, book
from inventory.errors import NothingReceived, TooManyUnits, UnknownSku
from inventory.models import MOST_UNITS, Movement, Receipt, ReservationLine, Stock, StockReservation


def low_stock() -> int:
    """Count the SKUs that have run low, or out."""
    counted = Stock.objects.filter(selling__in=Stock.COUNTED)
    return counted.filter(on_hand__lte=settings.LOW_STOCK).count()


def stock_of(sku: str) -> Stock:
    """Return the stock of a SKU. Raises `UnknownSku`."""
    if (stock := Stock.objects.filter(sku=sku).first()) is None:
        raise UnknownSku(sku)
    return stock


def movements_of(sku: str) -> QuerySet[Movement]:
    """Return how the units of a SKU moved, the latest first."""
    return Movement.objects.filter(sku=sku).order_by("-at", "-id")


def reserved_for_orders(sku: str) -> QuerySet[ReservationLine]:
    """Return what is promised to orders and has not left, the latest first."""
    waiting = (StockReservation.State.HELD, StockReservation.State.PARTLY_SOLD)
    to_ship = Q(quantity__gt=F("shipped") + F("closed"))
    rows = ReservationLine.objects.filter(to_ship, sku=sku, reservation__state__in=waiting)
    return rows.select_related("reservation").order_by("-reservation__created_at")


@emits(*MOVING)
@transaction.atomic
def receive_stock(
    units: Mapping[str, int], reason: str, *, reference: str = "", by: str = ""
) -> bool:
    """Take in goods: whole units by SKU, known or new, in a handful of statements.

    `reference` names the delivery: the same one a second time changes nothing.
    Returns whether the units were taken in. Raises `NothingReceived`, naming
    the SKUs, when fewer than one unit of something would come, or `TooManyUnits`.
    """
    if nothing := sorted(sku for sku, count in units.items() if count < 1):
        raise NothingReceived(", ".join(nothing))
    change = Change(uuid4(), reason, by=by)
    if reference and not _is_first(reference, change):
        return False
    # In one order everywhere, so that two deliveries cannot lock each other out.
    Stock.objects.bulk_create((Stock(sku=sku) for sku in sorted(units)), ignore_conflicts=True)
    _check_room(units)
    book(change, {(Movement.Kind.RECEIVED, sku): count for sku, count in units.items()})
    return True


@emits(*MOVING)
@transaction.atomic
def count_none(skus: Iterable[str], reason: str) -> None:
    """Say of SKUs, known or new, that there are none; what was counted before stays as it is.

    Without it an order waits for who tells of the goods, see `inventory.reserving`.
    """
    wanted = sorted(skus)
    Stock.objects.bulk_create((Stock(sku=sku) for sku in wanted), ignore_conflicts=True)
    counted = Movement.that_came(wanted).values_list("sku", flat=True)
    new = set(wanted).difference(counted)
    book(Change(uuid4(), reason), {(Movement.Kind.OPENING, sku): 0 for sku in sorted(new)})


@emits(*MOVING)
@transaction.atomic
def adjust_stock(
    sku: str, delta: int, reason: str, by: str, *, change_id: UUID | None = None
) -> None:
    """Put a count right by `delta` units, above or below 0; `by` is who says so.

    The same `change_id` a second time changes nothing. Raises `UnknownSku`, or `NotEnoughStock`
    when fewer units are free than would go: what is promised to orders cannot be taken away;
    or `TooManyUnits`.
    """
    if not Stock.objects.select_for_update().filter(sku=sku).exists():
        raise UnknownSku(sku)
    _check_room({sku: delta})
    if change_id and Movement.objects.filter(change_id=change_id, sku=sku).exists():
        return
    change = Change(change_id or uuid4(), reason, by=by)
    book(change, {(Movement.Kind.ADJUSTED, sku): delta})


def _check_room(units: Mapping[str, int]) -> None:
    """Lock the SKUs' rows. Raises `TooManyUnits` where so many more cannot be counted."""
    rows = Stock.objects.filter(sku__in=units).order_by("sku").select_for_update()
    for sku, received in rows.values_list("sku", "received"):
        if received + units[sku] > MOST_UNITS:
            raise TooManyUnits(f"{sku}: {units[sku]} more than {received} cannot be counted")


def _is_first(reference: str, change: Change) -> bool:
    _, is_first = Receipt.objects.get_or_create(
        reference=reference, defaults={"change_id": change.id}
    )
    return is_first
