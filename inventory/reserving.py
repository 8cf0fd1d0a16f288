"""Promising an order its units, also where it came before what tells of the goods."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django_fsm import can_proceed

from eventbus import because_of, emit, now
from inventory.booking import Change, LockedStock, locked_stock, units_by_sku
from inventory.errors import NotEnoughStock
from inventory.events import HeldLine, Shortage, StockCheckDue, StockRejected, StockReserved
from inventory.models import Movement, ReservationLine, StockReservation
from orders.events import OrderPlaced

RESERVED = Movement.Kind.RESERVED

#: What wants units for an order.
Wanting = OrderPlaced | StockCheckDue

#: Looks at an order of goods nobody has told of. Each waits twice as long as the one before:
#: two minutes in all, as long as a reaction to their listing is tried again after failures.
LOOKS = 6


def reserve(events: Iterable[Wanting]) -> None:
    """Reserve the units of each order, or none; nothing at all if the order is already over.

    What is sold without counting is promised without being held. An order that lacks only
    what we have not heard of, as facts come in any order, is looked at again later.
    """
    orders = [(event, units_by_sku(event.lines)) for event in events]
    ids = [event.order_id for event, _ in orders]
    with (
        StockReservation.objects.get_or_create_many_for_update(mostly_new=True, pk=ids) as found,
        locked_stock(sku for _, wanted in orders for sku in wanted) as stock,
    ):
        lines: list[ReservationLine] = []
        for event, wanted in orders:
            reservation = found[event.order_id]
            with because_of(event):
                if can_proceed(reservation.reserve):
                    lines += _reserve(reservation, stock, event, wanted)
        ReservationLine.objects.bulk_create(lines)


def _reserve(
    reservation: StockReservation, stock: LockedStock, event: Wanting, wanted: Mapping[str, int]
) -> list[ReservationLine]:
    """Reserve the units of one order; returns the lines of what is promised to it."""
    held = stock.counted(wanted)
    change = Change(event.id, f"order {event.number} placed", event.order_id)
    looks = getattr(event, "looks", 0)
    try:
        stock.book(
            change, {(Movement.Kind.RESERVED, sku): n for sku, n in wanted.items() if sku in held}
        )
    except NotEnoughStock as refusal:
        if looks < LOOKS and _nobody_told_of(refusal.shortages):
            _look_again(event, wanted, looks + 1)
            return []
        reservation.reject()
        emit(StockRejected(order_id=event.order_id, shortages=refusal.shortages))
        return []
    emit(StockReserved(order_id=event.order_id, lines=_lines(wanted)))
    return reservation.reserve(wanted, held)


def _look_again(event: Wanting, wanted: Mapping[str, int], looks: int) -> None:
    awaited = StockCheckDue(
        order_id=event.order_id, number=event.number, lines=_lines(wanted), looks=looks
    )
    emit(awaited, publish_after=now() + timedelta(seconds=2**looks))


def _nobody_told_of(shortages: Iterable[Shortage]) -> bool:
    """Return whether no unit of any of these was ever counted, not even that there is none."""
    return not Movement.that_came(shortage.sku for shortage in shortages).exists()


def _lines(wanted: Mapping[str, int]) -> tuple[HeldLine, ...]:
    return tuple(HeldLine(sku=sku, quantity=units) for sku, units in wanted.items())
