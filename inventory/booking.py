"""Booking: the one way in which units move, and stock changes.

A change is a set of movements. They go into the ledger, the rows of the SKUs
take them over, and what is available now is emitted, all in one transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import NamedTuple, cast
from uuid import UUID

from django.conf import settings
from django.db import connection

from eventbus import emit, split_to_fit
from inventory.errors import NotEnoughStock, UnknownSku
from inventory.events import InventoryUpdated, Selling, Shortage, StockLevel, StockLow
from inventory.models import Movement, Stock, StockReservation, Units

#: What is emitted when units move.
MOVING = (InventoryUpdated, StockLow)


class Change(NamedTuple):
    """Why units move. `id` is new for each change, or the id of the event behind it."""

    id: UUID
    reason: str
    order_id: UUID | None = None
    by: str = ""


class Effect(NamedTuple):
    """What is added to the columns of a SKU's row."""

    received: int = 0
    on_hand: int = 0
    reserved: int = 0
    sold: int = 0

    def plus(self, other: "Effect", times: int) -> "Effect":
        return Effect(*(mine + its * times for mine, its in zip(self, other, strict=True)))


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

#: Passes over a row that would go below zero and may not; the count of rows tells. What
#: back-orders owe is made good and not taken anew; what was not counted is, once units come.
MOVE = """
    UPDATE inventory_stock AS stock
    SET received = stock.received + change.received,
        on_hand = stock.on_hand + change.on_hand,
        reserved = stock.reserved + change.reserved,
        sold = stock.sold + change.sold,
        floor = CASE WHEN stock.floor < 0
            THEN least(0, greatest(stock.floor, stock.on_hand + change.on_hand))
            ELSE stock.floor END,
        selling = CASE WHEN stock.selling = 'uncounted' AND change.received <> 0
            THEN 'tracked' ELSE stock.selling END,
        revision = stock.revision + 1
    FROM unnest(%s::text[], %s::int[], %s::int[], %s::int[], %s::int[])
        AS change (sku, received, on_hand, reserved, sold)
    WHERE stock.sku = change.sku AND (stock.floor IS NULL OR change.on_hand >= 0
        OR stock.on_hand >= -change.on_hand)
    RETURNING stock.sku, stock.on_hand, change.on_hand, stock.revision, stock.selling
"""


class _Level(NamedTuple):
    """A SKU's row after a change; `came` is what became available by it."""

    sku: str
    on_hand: int
    came: int
    revision: int
    selling: Selling

    @property
    def is_news(self) -> bool:
        return self.came != 0 or self.revision == 1

    @property
    def ran_low(self) -> bool:
        return self.on_hand <= settings.LOW_STOCK < self.on_hand - self.came


def book(change: Change, units: Units) -> None:
    """Move these units, and emit what is available now and what ran low.

    A second change waits for the first to commit where they share a SKU; all
    changes lock in the order of SKUs, so none waits for ever. Raises
    `NotEnoughStock`, with every shortage, before anything is written, and
    `UnknownSku` when units would come in for a SKU without a row.
    """
    if not units:
        return
    effects = _effects_by_sku(units)
    if shortages := _shortages(effects):
        raise NotEnoughStock(shortages)
    levels = _move(effects)
    if len(levels) < len(effects):
        raise UnknownSku(", ".join(effects.keys() - {level.sku for level in levels}))
    Movement.objects.bulk_create(
        Movement(
            change_id=change.id,
            sku=sku,
            kind=kind,
            quantity=quantity,
            reason=change.reason,
            by=change.by,
            order_id=change.order_id,
        )
        for (kind, sku), quantity in units.items()
    )
    _emit(change, levels)


@contextmanager
def booked(
    reservation: StockReservation, change: Change, *, also: Units = MappingProxyType({})
) -> Iterator[None]:
    """Book the movements that follow from what is done to the locked reservation within.

    `also` are movements that belong to the same change.
    """
    before = reservation.tally()
    yield
    after = reservation.tally()
    moved = {key: after[key] - before[key] for key in after if after[key] != before[key]}
    book(change, {**moved, **also})


def sell_otherwise(change: Change, stock: Stock) -> None:
    """Emit how the locked `stock` is sold from now on."""
    stock.revision += 1
    level = StockLevel(
        sku=stock.sku,
        available=stock.on_hand,
        revision=stock.revision,
        selling=cast(Selling, str(stock.selling)),
    )
    emit(InventoryUpdated(change_id=change.id, reason=change.reason, levels=(level,)))


def _effects_by_sku(units: Units) -> Mapping[str, Effect]:
    effects: dict[str, Effect] = defaultdict(Effect)
    for (kind, sku), quantity in units.items():
        effects[sku] = effects[sku].plus(EFFECTS[kind], quantity)
    return effects


def _shortages(effects: Mapping[str, Effect]) -> list[Shortage]:
    """Lock the SKUs' rows and return where fewer units are free than must go."""
    rows = Stock.objects.filter(sku__in=effects).order_by("sku").select_for_update()
    found = {stock.sku: stock for stock in rows}
    stocks = {sku: found.get(sku) or Stock(sku=sku) for sku in sorted(effects)}
    return [
        Shortage(sku=sku, wanted=-effects[sku].on_hand, available=max(stock.on_hand, 0))
        for sku, stock in stocks.items()
        if stock.lacks(-effects[sku].on_hand)
    ]


def _move(effects: Mapping[str, Effect]) -> list[_Level]:
    with connection.cursor() as cursor:
        columns = map(list, zip(*effects.values(), strict=True))
        cursor.execute(MOVE, [list(effects), *columns])
        return sorted(_Level(*row) for row in cursor.fetchall())


def _emit(change: Change, levels: Iterable[_Level]) -> None:
    news = (
        StockLevel(
            sku=level.sku,
            available=level.on_hand,
            revision=level.revision,
            selling=level.selling,
        )
        for level in levels
        if level.is_news
    )
    for some in split_to_fit(news, "sku"):
        emit(InventoryUpdated(change_id=change.id, reason=change.reason, levels=some))
    for level in levels:
        if level.ran_low:
            emit(StockLow(sku=level.sku, available=level.on_hand, threshold=settings.LOW_STOCK))
