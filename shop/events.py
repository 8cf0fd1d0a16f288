"""The shop's events: accounts, carts and audits."""

from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from eventbus import Event, Mailbox, Personal, Sealed


class UserRegistered(Event):
    """Somebody opened an account."""

    customer_id: str
    email: Personal[Mailbox]
    name: Personal[str]
    language: str = "en"


class ProfileChanged(Event):
    """A customer is called otherwise, or reads another language."""

    customer_id: str
    email: Personal[Mailbox]
    name: Personal[str]
    #: ISO 639-1
    language: str


class AccountMailRequested(Event):
    """Somebody must read a mail to go on with their account."""

    #: empty where there is no account under this address
    customer_id: str = ""
    #: whose mail box it is
    email: Personal[Mailbox]
    kind: Literal["confirm_address", "reset_password", "no_account", "account_exists"]
    #: where the mail leads; as long as it is valid, whoever has it can go on
    link: Personal[Sealed]
    language: str = "en"


class BackInStockAlertRequested(Event):
    """Somebody wants to hear when a sold-out variant can be bought again."""

    sku: str
    email: Personal[Mailbox]
    title: str
    #: of the variant's page
    url: str
    language: str = "en"
    #: whether it was shown that the address is theirs; anybody may have typed it otherwise
    confirmed: bool = False


class CustomerErased(Event):
    """A customer wants to be forgotten: what tells who they were goes, figures stay."""

    customer_id: str
    email: Personal[Mailbox]
    order_ids: tuple[UUID, ...]
    cart_ids: tuple[UUID, ...]


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
    email: Personal[Mailbox | None]
    #: the first of its lines
    lines: tuple[CartLine, ...] = Field(max_length=100)
    #: lines beyond these
    more: int = 0
    #: of all of them
    total: Decimal
    currency: str
    language: str = "en"


class AuditRequested(Event):
    """Somebody, or the clock, wants every promise checked."""

    run_id: UUID
    by: str
