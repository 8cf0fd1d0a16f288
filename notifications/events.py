"""What the notifications app states."""

from uuid import UUID

from eventbus import Event


class CartLeftAlone(Event):
    """Time to see whether a cart was left alone; stated ahead, published when due."""

    cart_id: UUID
    #: the state of the cart that started the clock
    revision: int


class ResendRequested(Event):
    """Staff want a mail to be sent once more."""

    mail_id: UUID
    #: the mail that goes out as its copy
    copy_id: UUID
    #: who of the staff
    by: str


class WishFulfilled(Event):
    """What somebody waits for can be bought again: they are to be told."""

    wish_id: UUID
    sku: str
