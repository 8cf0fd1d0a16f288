"""The events of the catalogue: what is sold, and how."""

from decimal import Decimal
from typing import Literal

from eventbus import Event

#: While there is stock; also when there is none, sent later; without counting; until it is counted.
Selling = Literal["tracked", "backorder", "untracked", "uncounted"]


class VariantListed(Event):
    """A product variant joined the catalogue, with the stock its file declared."""

    sku: str
    title: str
    price: Decimal
    currency: str
    opening_stock: int
    selling: Selling = "tracked"


class SellingChanged(Event):
    """What stock means for a variant is otherwise from now on."""

    sku: str
    selling: Selling
    #: what a file declared; None where nothing was said of it
    opening_stock: int | None = None
