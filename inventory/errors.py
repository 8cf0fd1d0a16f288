"""The exceptions of inventory. Each docstring names the cure."""

from collections.abc import Sequence

from inventory.events import Shortage


class StockError(Exception):
    """Base of everything inventory refuses."""


class UnknownSku(StockError):
    """No unit of this SKU was ever taken in: receive it first."""


class NotEnoughStock(StockError):
    """Fewer units are free than would have to go: take fewer, or receive more first."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = tuple(shortages)
        super().__init__(
            "; ".join(f"{s.sku}: {s.wanted} wanted, {s.available} available" for s in shortages)
        )


class NothingReceived(StockError):
    """Only whole units, one or more, can come in: adjust the stock to take units away."""


class TooManyUnits(StockError):
    """More units of a SKU would be there than can be counted: look for a typing error."""


class NotPromised(StockError):
    """More units left or came back than the order holds: compare the parcel with the order."""


class LedgerIsFinal(StockError):
    """A movement stays as it was booked: book another one that makes up for it."""
