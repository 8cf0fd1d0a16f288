"""The events of the inventory app."""

from typing import Literal
from uuid import UUID

from eventbus import Deadline, Event

#: While there is stock; also when there is none, sent later; without counting; until it is counted.
Selling = Literal["tracked", "backorder", "untracked", "uncounted"]


class HeldLine(Event.Value):
    sku: str
    quantity: int


class Shortage(Event.Value):
    sku: str
    wanted: int
    available: int


class StockLevel(Event.Value):
    sku: str
    #: units that can still be promised
    available: int
    #: rises with every change of this SKU: the higher one is the newer
    revision: int
    #: `available` says whether it can be bought, whether it is sent at once, or nothing at all
    selling: Selling = "tracked"


class StockReserved(Event, compensated_by="orders.OrderCancelled"):
    """Every unit of the order is held for it."""

    order_id: UUID
    lines: tuple[HeldLine, ...]


class StockRejected(Event):
    """The order cannot be served from stock; nothing is held for it."""

    order_id: UUID
    shortages: tuple[Shortage, ...]


class InventoryUpdated(Event):
    """Units came, went, or were promised: what is available now."""

    change_id: UUID
    reason: str
    levels: tuple[StockLevel, ...]


class StockLow(Event):
    """Few units of a product are left to promise."""

    sku: str
    available: int
    threshold: int


# Deadlines: timers of our own, emitted ahead and published when due.


class StockCheckDue(Deadline):
    """Time to look again at an order that wants what nobody has told of yet."""

    order_id: UUID
    number: str
    lines: tuple[HeldLine, ...]
    #: how often the order was looked at in vain
    looks: int
