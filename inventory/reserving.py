"""Promising an order its units, also where it came before what tells of the goods."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django_fsm import can_proceed

from eventbus import emit, now
from inventory.booking import Change, book
from inventory.errors import NotEnoughStock
from inventory.events import HeldLine, Shortage, StockCheckDue, StockRejected, StockReserved
from inventory.models import Movement, Stock, StockReservation
from orders.events import OrderPlaced

#: Looks at an order of goods nobody has told of. Each waits twice as long as the one before:
#: two minutes in all, as long as a reaction to their listing is tried again after failures.
LOOKS = 6


def reserve(event: OrderPlaced | StockCheckDue, wanted: Mapping[str, int], looks: int = 0) -> None:
    """Reserve these units by SKU, or none; nothing at all if the order is already over.

    What is sold without counting is promised without being held. An order that lacks only
    what we have not heard of, as facts come in any order, is looked at again later.
    """
    with StockReservation.objects.get_or_create_for_update(pk=event.order_id) as reservation:
        if can_proceed(reservation.reserve):
            _reserve(reservation, event, wanted, looks)


def _reserve(
    reservation: StockReservation,
    event: OrderPlaced | StockCheckDue,
    wanted: Mapping[str, int],
    looks: int,
) -> None:
    free = Stock.without_counting(wanted)
    change = Change(event.id, f"order {event.number} placed", event.order_id)
    held = {sku: units for sku, units in wanted.items() if sku not in free}
    try:
        book(change, {(Movement.Kind.RESERVED, sku): units for sku, units in held.items()})
    except NotEnoughStock as refusal:
        if looks < LOOKS and _nobody_told_of(refusal.shortages):
            _look_again(event, wanted, looks + 1)
            return
        reservation.reject()
        emit(StockRejected(order_id=event.order_id, shortages=refusal.shortages))
    else:
        reservation.reserve(wanted, free)
        emit(StockReserved(order_id=event.order_id, lines=_lines(wanted)))


def _look_again(event: OrderPlaced | StockCheckDue, wanted: Mapping[str, int], looks: int) -> None:
    awaited = StockCheckDue(
        order_id=event.order_id, number=event.number, lines=_lines(wanted), looks=looks
    )
    emit(awaited, publish_after=now() + timedelta(seconds=2**looks))


def _nobody_told_of(shortages: Iterable[Shortage]) -> bool:
    """Return whether no unit of any of these was ever counted, not even that there is none."""
    return not Movement.that_came(shortage.sku for shortage in shortages).exists()


def _lines(wanted: Mapping[str, int]) -> tuple[HeldLine, ...]:
    return tuple(HeldLine(sku=sku, quantity=units) for sku, units in wanted.items())
