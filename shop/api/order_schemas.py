"""Orders as the API shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.urls import reverse
from djmoney.money import Money
from ninja import Field, Schema
from pydantic import BeforeValidator

from orders.events import Address
from orders.services import Order, Return
from shop.api.checkout_schemas import CardRequest
from shop.api.schemas import Amount, Paged, RequestBody, Text, number
from shop.checkout.delivery import country_name
from shop.storefront.progress import OrderProgress, Step
from shop.storefront.seo import absolute

Counted = Annotated[int, Field(ge=1, le=10**6, examples=[1]), BeforeValidator(number)]
State = Literal["placed", "paid", "shipped", "completed", "cancelling", "cancelled", "refunded"]


class OrderSummary(Schema):
    """An order in a list."""

    id: UUID
    number: str = Field(examples=["100001"])
    state: State
    placed_at: datetime
    total: Amount
    url: str

    @staticmethod
    def values(order: Order) -> dict[str, Any]:
        return {
            "id": order.id,
            "number": order.number,
            "state": order.state,
            "placed_at": order.placed_at,
            "total": Amount.of(order.total),
            "url": absolute(reverse("storefront:order", args=[order.id])),
        }


class Orders(Paged):
    """A page of a customer's orders, the newest first."""

    orders: list[OrderSummary]


class OrderLine(Schema):
    """Units of a variant that were ordered."""

    line: int = Field(description="its number, from 1; returns name it")
    sku: str
    title: str
    quantity: int
    returned: int = Field(description="units that went back or are to")
    closed: int = Field(description="units that will not come")
    requires_shipping: bool = Field(description="whether it is sent")
    unit_price: Amount


class AddressOut(Schema):
    """Where an order goes."""

    name: str
    line1: str
    line2: str
    postcode: str
    city: str
    region: str = Field(description="its code, where the country's regions have codes")
    country: str = Field(examples=["AT"], description="ISO 3166-1 alpha-2")
    written: list[str] = Field(description="as it is written on a parcel, line by line")

    @classmethod
    def of(cls, data: dict[str, str]) -> "AddressOut":
        to = Address.model_validate(data)
        return cls(**to.model_dump(), written=[*to.lines, country_name(to.country)])


class OrderOut(OrderSummary):
    """An order in its parts, as frozen when it was placed."""

    ship_to: AddressOut
    lines: list[OrderLine]
    shipping: Amount
    discount: Amount
    tax: Amount
    tax_included: bool
    points: int = Field(description="points that were spent")
    points_value: Amount = Field(description="what they paid")
    refunded: Amount = Field(description="what has gone back so far")
    returns: list["ReturnOut"] = Field(description="what was asked to go back, the oldest first")

    @classmethod
    def of(cls, order: Order) -> "OrderOut":
        currency = order.total.currency
        lines: Any = order.lines.all()
        return cls(
            **cls.values(order),
            ship_to=AddressOut.of(order.ship_to),
            lines=[_line(line) for line in lines],
            shipping=Amount.of(order.shipping_cost),
            discount=Amount.of(Money(order.discount, currency)),
            tax=Amount.of(Money(order.tax, currency)),
            tax_included=order.tax_included,
            points=order.points,
            points_value=Amount.of(Money(order.points_value, currency)),
            refunded=Amount.of(Money(order.refunded_total, currency)),
            returns=[ReturnOut.of(back) for back in order.returns.all()],
        )


class Parcel(Schema):
    """A parcel on its way."""

    carrier: str
    number: str


class StoryStep(Schema):
    """One step of an order's story."""

    key: str = Field(examples=["payment"])
    title: str = Field(examples=["Payment"])
    text: str = Field(description="for people")
    state: str = Field(
        description="done, now, trouble (the shopper must do something), ahead or ended"
    )
    at: datetime | None
    parcels: list[Parcel]

    @classmethod
    def of(cls, step: Step) -> "StoryStep":
        return cls(
            key=step.key,
            title=step.title,
            text=step.text,
            state=step.state,
            at=step.at,
            parcels=[Parcel(carrier=p.carrier, number=p.number) for p in step.parcels],
        )


class StoryOut(Schema):
    """How far an order is, in the shopper's words, and what can be done about it."""

    headline: str = Field(examples=["Thank you for your order!"])
    remark: str
    steps: list[StoryStep]
    confirm_at: str | None = Field(description="page where the bank's question is answered")
    can_cancel: bool
    can_pay_again: bool
    can_return: bool
    finished: bool = Field(description="whether nothing will change any more")

    @classmethod
    def of(cls, story: OrderProgress) -> "StoryOut":
        page = reverse("storefront:order-challenge", args=[story.order.pk])
        return cls(
            headline=story.headline,
            remark=story.remark,
            steps=[StoryStep.of(step) for step in story.steps],
            confirm_at=absolute(page) if story.challenged else None,
            can_cancel=story.can_cancel,
            can_pay_again=story.can_pay_again,
            can_return=story.can_return,
            finished=not story.unfinished,
        )


class PaymentRequest(RequestBody):
    """Another card, after one was refused."""

    card: CardRequest | None = Field(
        None, description="not needed where the processor's page asks for it"
    )


class UnitsBack(RequestBody):
    """Units of one line that go back."""

    line: Counted
    quantity: Counted


class ReturnRequest(RequestBody):
    """What goes back, and why."""

    units: list[UnitsBack] = Field(min_length=1, max_length=1000)
    reason: Text = Field("", max_length=200)


class ReturnOut(Schema):
    """Goods that go back; `void` when the order was cancelled before it was delivered."""

    id: UUID
    state: Literal["requested", "approved", "refused", "received", "void"]
    refusal: str = Field(description="why it was refused, for people")

    @classmethod
    def of(cls, back: Return) -> "ReturnOut":
        return cls(id=back.id, state=back.state, refusal=back.refusal)


def _line(line: Any) -> OrderLine:
    return OrderLine(
        line=line.line,
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        returned=line.back,
        closed=line.closed,
        requires_shipping=line.requires_shipping,
        unit_price=Amount.of(line.unit_price),
    )
