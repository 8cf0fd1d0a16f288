"""Selling what was reserved: units that have left, or needed no shipping."""

from collections.abc import Iterable

from eventbus import because_of
from inventory.booking import Change, locked_stock, moved, units_by_sku
from inventory.models import ReservationLine, StockReservation, Units
from orders.events import GoodsReleased
from shipping.events import OrderShipped

Gone = OrderShipped | GoodsReleased


def sell(events: Iterable[Gone]) -> None:
    """Turn the units of these events from reserved into sold."""
    events = list(events)
    ids = [event.order_id for event in events]
    with StockReservation.objects.get_many_for_update(pk=ids) as reservations:
        ReservationLine.objects.fetch(reservations.values())
        sold = [(event, _ship(reservations[event.order_id], event)) for event in events]
        ReservationLine.objects.save(reservations.values())
        _book(sold)


def _ship(reservation: StockReservation, event: Gone) -> Units:
    with moved(reservation) as units:
        reservation.ship(units_by_sku(event.lines))
    return units


def _book(sold: Iterable[tuple[Gone, Units]]) -> None:
    with locked_stock(sku for _, units in sold for _, sku in units) as stock:
        for event, units in sold:
            with because_of(event):
                stock.book(_change(event), units)


def _change(event: Gone) -> Change:
    done = "shipped" if isinstance(event, OrderShipped) else "completed"
    return Change(event.id, f"order {event.number} {done}", event.order_id)
