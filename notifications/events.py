"""What the notifications app states."""

from uuid import UUID

from shop.bus import Event


class CartLeftAlone(Event):
    """Time to see whether a cart was left alone; stated ahead, published when due."""

    cart_id: UUID
    #: the state of the cart that started the clock
    revision: int


class WishFulfilled(Event):
    """What somebody waits for can be bought again: they are to be told."""

    wish_id: UUID
    sku: str
