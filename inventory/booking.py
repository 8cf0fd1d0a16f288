"""Booking: the one way in which units move, and stock changes.

A change is a set of movements. They go into the ledger, the rows of the SKUs
take them over, and what is available now is emitted, all in one transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import NamedTuple, Protocol, cast
from uuid import UUID

from django.conf import settings

from eventbus import emit, split_to_fit
from inventory.errors import NotEnoughStock, UnknownSku
from inventory.events import InventoryUpdated, Selling, Shortage, StockLevel, StockLow
from inventory.models import Effect, Movement, ReservationLine, Stock, StockReservation, Units

#: What is emitted when units move.
MOVING = (InventoryUpdated, StockLow)


class Change(NamedTuple):
    """Why units move. `id` is new for each change, or the id of the event behind it."""

    id: UUID
    reason: str
    order_id: UUID | None = None
    by: str = ""


#: What one unit of each kind of movement does.
EFFECTS = {
    Movement.Kind.OPENING: Effect(received=1, on_hand=1),
    Movement.Kind.RECEIVED: Effect(received=1, on_hand=1),
    Movement.Kind.ADJUSTED: Effect(received=1, on_hand=1),
    Movement.Kind.RESERVED: Effect(on_hand=-1, reserved=1),
    Movement.Kind.RELEASED: Effect(reserved=-1, on_hand=1),
    Movement.Kind.SOLD: Effect(reserved=-1, sold=1),
    Movement.Kind.RETURNED: Effect(sold=-1, on_hand=1),
}


class LockedStock:
    """Stock that is locked, and the movements that are booked on it meanwhile."""

    def __init__(self, rows: Mapping[str, Stock]) -> None:
        self.rows = rows
        self.movements: list[Movement] = []

    def book(self, change: Change, units: Units) -> None:
        """Move these units, and emit what is available now and what ran low.

        Raises `NotEnoughStock`, with every shortage, before anything is changed, and `UnknownSku`
        when units would come in for a SKU without a row.
        """
        effects = _effects_by_sku(units)
        if shortages := self._shortages(effects):
            raise NotEnoughStock(shortages)
        if unknown := effects.keys() - self.rows:
            raise UnknownSku(", ".join(unknown))
        self.movements += _movements(change, units)
        moved = [(self.rows[sku], effect) for sku, effect in sorted(effects.items())]
        for stock, effect in moved:
            stock.move(effect)
        _emit_levels(change, [stock for stock, effect in moved if _is_news(stock, effect)])
        _emit_low(stock for stock, effect in moved if _ran_low(stock, effect))

    def counted(self, skus: Iterable[str]) -> set[str]:
        """Return which of these are held for orders, as what nobody told of is."""
        return {sku for sku in skus if sku not in self.rows or self.rows[sku].is_counted}

    def _shortages(self, effects: Mapping[str, Effect]) -> list[Shortage]:
        """Return where fewer units are free than must go."""
        stocks = [self.rows.get(sku) or Stock(sku=sku) for sku in sorted(effects)]
        return [
            Shortage(
                sku=stock.sku,
                wanted=-effects[stock.sku].on_hand,
                available=max(stock.on_hand, 0),
            )
            for stock in stocks
            if stock.lacks(-effects[stock.sku].on_hand)
        ]


@contextmanager
def locked_stock(skus: Iterable[str]) -> Iterator[LockedStock]:
    """Lock the rows of these SKUs; write them and the movements that were booked within.

    A second change waits for the first to commit where they share a SKU; all
    changes lock in the order of SKUs, so none waits for ever.
    """
    with Stock.objects.get_known_for_update(pk=skus) as rows:
        stock = LockedStock(rows)
        yield stock
    Movement.objects.bulk_create(stock.movements)


def book(change: Change, units: Units) -> None:
    """Move the units of one change; see `LockedStock.book`."""
    if units:
        with locked_stock(sku for _, sku in units) as stock:
            stock.book(change, units)


@contextmanager
def moved(reservation: StockReservation) -> Iterator[dict[tuple[Movement.Kind, str], int]]:
    """Give the movements, once the block has ended, that follow from what it does."""
    before = reservation.tally()
    units: dict[tuple[Movement.Kind, str], int] = {}
    yield units
    after = reservation.tally()
    units |= {key: after[key] - before[key] for key in after if after[key] != before[key]}


@contextmanager
def booked(
    reservation: StockReservation, change: Change, *, also: Units = MappingProxyType({})
) -> Iterator[None]:
    """Book the movements that follow from what is done to the locked reservation within.

    `also` are movements that belong to the same change.
    """
    with moved(reservation) as units:
        yield
    ReservationLine.objects.save([reservation])
    book(change, {**units, **also})


class Line(Protocol):
    """A line of an event: units of a SKU."""

    @property
    def sku(self) -> str: ...

    @property
    def quantity(self) -> int: ...


def units_by_sku(lines: Iterable[Line]) -> Counter[str]:
    """Return units by SKU; lines of the same SKU are added up."""
    units: Counter[str] = Counter()
    for line in lines:
        units[line.sku] += line.quantity
    return units


def sell_otherwise(change: Change, stock: Stock) -> None:
    """Emit how the locked `stock` is sold from now on."""
    stock.revision += 1
    _emit_levels(change, [stock])


def _effects_by_sku(units: Units) -> Mapping[str, Effect]:
    effects: dict[str, Effect] = defaultdict(Effect)
    for (kind, sku), quantity in units.items():
        effects[sku] = effects[sku].plus(EFFECTS[kind], quantity)
    return effects


def _movements(change: Change, units: Units) -> Iterator[Movement]:
    for (kind, sku), quantity in units.items():
        yield Movement(
            change_id=change.id,
            sku=sku,
            kind=kind,
            quantity=quantity,
            reason=change.reason,
            by=change.by,
            order_id=change.order_id,
        )


def _is_news(stock: Stock, effect: Effect) -> bool:
    return effect.on_hand != 0 or stock.revision == 1


def _ran_low(stock: Stock, effect: Effect) -> bool:
    return stock.on_hand <= settings.LOW_STOCK < stock.on_hand - effect.on_hand


def _emit_levels(change: Change, stocks: Iterable[Stock]) -> None:
    for levels in split_to_fit(map(_level, stocks), "sku"):
        emit(InventoryUpdated(change_id=change.id, reason=change.reason, levels=levels))


def _emit_low(stocks: Iterable[Stock]) -> None:
    for stock in stocks:
        emit(StockLow(sku=stock.sku, available=stock.on_hand, threshold=settings.LOW_STOCK))


def _level(stock: Stock) -> StockLevel:
    return StockLevel(
        sku=stock.sku,
        available=stock.on_hand,
        revision=stock.revision,
        selling=cast(Selling, str(stock.selling)),
    )
