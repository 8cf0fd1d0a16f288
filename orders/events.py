"""What the orders app states."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from shop.bus import Event


class Address(Event.Value):
    name: str
    line1: str
    city: str
    postcode: str
    #: ISO 3166-1 alpha-2
    country: str


class Card(Event.Value):
    """A card as the processor's token; no number ever enters the shop's events."""

    token: str
    #: same card, same fingerprint
    fingerprint: str
    last4: str
    #: country of the issuing bank, ISO 3166-1 alpha-2
    country: str


class OrderLine(Event.Value):
    #: position on the order, from 1
    line: int
    sku: str
    title: str
    quantity: int
    unit_price: Decimal


class OrderPlaced(Event):
    """A shopper placed an order; from here on it must end."""

    order_id: UUID
    #: what people call the order
    number: str
    #: None for a guest
    customer_id: str | None
    email: str
    cart_id: UUID | None
    lines: tuple[OrderLine, ...]
    shipping_cost: Decimal
    total: Decimal
    currency: str
    ship_to: Address
    card: Card
    placed_at: datetime
    #: when the order is given up if it has not been shipped
    expires_at: datetime


class OrderExpired(Event):
    """The time an order has to be shipped is over; stated ahead, published when due."""

    order_id: UUID


class CancellationRequested(Event):
    """Somebody wants the order cancelled; shipping answers whether it still can be."""

    order_id: UUID
    reason: str


class CancellationRefused(Event):
    """The parcel had left before the request to cancel: the order goes on."""

    order_id: UUID
    number: str
    email: str
    reason: str


class OrderCancelled(Event):
    """The order will not be fulfilled; what was held or paid for it goes back."""

    order_id: UUID
    number: str
    customer_id: str | None
    email: str
    reason: Literal["out_of_stock", "payment_failed", "fraud", "customer", "staff", "expired"]
    #: for people: what exactly happened
    detail: str
    total: Decimal
    currency: str
    lines: tuple[OrderLine, ...]


class OrderCompleted(Event):
    """Everything ordered was delivered and paid for."""

    order_id: UUID
    number: str
    customer_id: str | None
    total: Decimal
    currency: str


class ReturnedLine(Event.Value):
    line: int
    sku: str
    quantity: int
    #: what was paid for these units
    amount: Decimal


class ReturnReceived(Event):
    """Goods of a delivered order came back."""

    return_id: UUID
    order_id: UUID
    number: str
    customer_id: str | None
    email: str
    lines: tuple[ReturnedLine, ...]
    amount: Decimal
    currency: str
