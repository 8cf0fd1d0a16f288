"""The reactions of the inventory app to events."""

from django_fsm import can_proceed

from catalogue.events import SellingChanged, VariantListed
from eventbus import reacts_to
from inventory.booking import MOVING, Change, book, booked, sell_otherwise, units_by_sku
from inventory.events import StockCheckDue, StockRejected, StockReserved
from inventory.models import Movement, Stock, StockReservation, Units
from inventory.reserving import reserve
from inventory.selling import sell
from orders.events import GoodsReleased, OrderCancelled, OrderPlaced, OrderReduced, ReturnReceived
from shipping.events import OrderShipped


@reacts_to(OrderPlaced, emits=[StockReserved, StockRejected, StockCheckDue, *MOVING], many=True)
def reserve_stock(placed: list[OrderPlaced]) -> None:
    """Reserve every unit of each order, or none."""
    reserve(placed)


@reacts_to(StockCheckDue, emits=[StockReserved, StockRejected, StockCheckDue, *MOVING], many=True)
def look_again(due: list[StockCheckDue]) -> None:
    """Reserve every unit of orders that came before their goods were listed, if they are by now."""
    reserve(due)


@reacts_to(OrderCancelled, emits=MOVING)
def release_stock(event: OrderCancelled) -> None:
    """Give back what the order holds and has not been shipped; it will get nothing later.

    What is not to be sold again is written off in the same change.
    """
    change = Change(event.id, f"order {event.number} given up", event.order_id)
    with StockReservation.objects.get_or_create_for_update(pk=event.order_id) as reservation:
        if can_proceed(reservation.release):
            lost = {} if event.restock else _written_off(reservation)
            with booked(reservation, change, also=lost):
                reservation.release()


@reacts_to(OrderReduced, emits=MOVING)
def release_closed_units(event: OrderReduced) -> None:
    """Give back what will not be shipped of the order; what was lost on its way had left."""
    if event.reason == "lost":
        return
    units = units_by_sku(event.lines)
    change = Change(event.id, f"order {event.number} closed in part", event.order_id)
    with StockReservation.objects.get_for_update(pk=event.order_id) as reservation:
        lines = reservation.lines_by_sku
        counted = {} if event.restock else {s: n for s, n in units.items() if lines[s].tracked}
        lost = {(Movement.Kind.ADJUSTED, sku): -n for sku, n in counted.items()}
        with booked(reservation, change, also=lost):
            reservation.close(units)


@reacts_to(OrderShipped, GoodsReleased, emits=MOVING, many=True)
def sell_stock(gone: list[OrderShipped | GoodsReleased]) -> None:
    """Turn units that left, or needed no shipping, from reserved into sold.

    Unknown to us: tried again later.
    """
    sell(gone)


@reacts_to(ReturnReceived, emits=MOVING)
def restock(event: ReturnReceived) -> None:
    """Make the returned units available again. Unknown to us: tried again later."""
    change = Change(event.id, f"order {event.number} returned", event.order_id)
    with (
        StockReservation.objects.get_for_update(pk=event.order_id) as reservation,
        booked(reservation, change),
    ):
        reservation.take_back(units_by_sku(event.lines))


@reacts_to(VariantListed, emits=MOVING)
def take_in_opening_stock(event: VariantListed) -> None:
    """Take in the stock a product file declared, unless we know the SKU already."""
    change = Change(event.id, "opening stock")
    with Stock.objects.get_or_create_for_update(pk=event.sku) as stock:
        is_news = stock.sell(event.selling, event.occurred_at)
        is_first = event.selling in Stock.COUNTED and not _was_counted(event.sku)
        if is_news and not is_first:
            sell_otherwise(change, stock)
    if is_first:
        book(change, {(Movement.Kind.OPENING, event.sku): event.opening_stock})


@reacts_to(SellingChanged, emits=MOVING)
def sell_as_listed(event: SellingChanged) -> None:
    """Sell the SKU as the catalogue says now; take in the stock of what had not been counted."""
    change = Change(event.id, "sold otherwise")
    with Stock.objects.get_or_create_for_update(pk=event.sku) as stock:
        if stock.sell(event.selling, event.occurred_at):
            sell_otherwise(change, stock)
    if event.opening_stock is not None and not _was_counted(event.sku):
        book(change, {(Movement.Kind.OPENING, event.sku): event.opening_stock})


def _was_counted(sku: str) -> bool:
    return Movement.that_came([sku]).exists()


def _written_off(reservation: StockReservation) -> Units:
    """Return what the reservation gives up, taken away at once: it is never available."""
    return {
        (Movement.Kind.ADJUSTED, sku): -line.left
        for sku, line in reservation.lines_by_sku.items()
        if line.left and line.tracked
    }
