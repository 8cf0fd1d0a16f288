"""What the shop states: accounts, carts, catalogue."""

from decimal import Decimal
from uuid import UUID

from shop.bus import Event


class UserRegistered(Event):
    """Somebody opened an account."""

    customer_id: str
    email: str
    name: str


class ItemAdded(Event):
    """A shopper put units into a cart."""

    cart_id: UUID
    sku: str
    quantity: int


class ItemRemoved(Event):
    """A shopper took units out of a cart."""

    cart_id: UUID
    sku: str
    quantity: int


class CartLine(Event.Value):
    sku: str
    title: str
    quantity: int
    unit_price: Decimal


class CartUpdated(Event):
    """What a cart holds now."""

    cart_id: UUID
    #: rises with every change: the higher one is the newer
    revision: int
    customer_id: str | None
    email: str | None
    lines: tuple[CartLine, ...]
    total: Decimal
    currency: str


class VariantListed(Event):
    """A product variant joined the catalogue, with the stock its file declared."""

    sku: str
    title: str
    price: Decimal
    currency: str
    opening_stock: int
