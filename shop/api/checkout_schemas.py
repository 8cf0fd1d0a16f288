"""The schemas of quoting and ordering."""

from typing import Annotated, Any
from uuid import UUID

from django.urls import reverse
from ninja import Field, Schema
from pydantic import BeforeValidator

from orders.services import Order
from pricing.services import Quote
from shop.api.schemas import (
    Amount,
    Country,
    Json,
    Mailbox,
    MoneyText,
    RequestBody,
    Shipping,
    Text,
    number,
)
from shop.storefront.forms.checkout import MOST_POINTS, CheckoutForm
from shop.storefront.seo import absolute

Email = Annotated[Mailbox, Field(examples=["ada@shop.example"])]
Points = Annotated[
    int, Field(ge=0, le=MOST_POINTS, description="loyalty points to spend"), BeforeValidator(number)
]
Code = Annotated[Text, Field(examples=["WELCOME10"], description="promotion code")]


class CheckoutChoices(RequestBody):
    """What decides about the price besides the cart."""

    cart_id: UUID
    email: Email = Field("", description="whose order it is; with a token that customer's")
    shipping: Shipping = Field(Shipping("standard"), description="way of delivery")
    code: Code = ""
    points: Points = 0

    def as_typed(self, user: Any) -> Json:
        """Return it as the pages' form has it."""
        return self.typed_in(self.model_dump(mode="json"), user)

    @classmethod
    def typed_in(cls, sent: Json, user: Any) -> Json:
        """Return what was sent, right or not, as the pages' form has it."""
        choices = {"shipping": CheckoutForm.AT_FIRST["shipping"], **_fields(cls, sent)}
        return {**choices, "email": choices.get("email") or getattr(user, "email", "")}


class QuoteRequest(CheckoutChoices):
    """A cart, and where it is to go."""

    country: Country = Field(examples=["AT"], description="ISO 3166-1 alpha-2")
    region: Text = Field("", description="state or province, where taxes differ by it")
    postcode: Text = Field("", description="where taxes differ by it, as on islands")


class TaxOut(Schema):
    """The tax at one rate."""

    rate: str = Field(examples=["20"], description="percent")
    net: Amount = Field(description="what is taxed at it")
    amount: Amount


class QuoteOut(Schema):
    """What a cart costs, part by part."""

    goods: Amount
    discount: Amount = Field(description="what the promotion takes off")
    shipping: Amount
    tax: Amount
    tax_included: bool = Field(description="whether the prices contain the tax")
    taxes: list[TaxOut]
    points: int = Field(description="points that are spent")
    points_value: Amount
    most_points: int = Field(description="points that could be spent")
    total: Amount = Field(description="what is to be paid; send its amount with the order")

    @classmethod
    def of(cls, quoted: Quote) -> "QuoteOut":
        return cls(
            goods=Amount.ours(quoted.goods),
            discount=Amount.ours(quoted.discount),
            shipping=Amount.ours(quoted.shipping),
            tax=Amount.ours(quoted.tax),
            tax_included=quoted.tax_included,
            taxes=[_tax(tax) for tax in quoted.taxes],
            points=quoted.points,
            points_value=Amount.ours(quoted.points_value),
            most_points=quoted.most_points,
            total=Amount.ours(quoted.total),
        )


class AddressRequest(RequestBody):
    """Where it goes. Which fields are needed differs by country.

    Where nothing is shipped only the country is.
    """

    name: Text = Field("", examples=["Ada Sample"])
    line1: Text = Field("", examples=["12 Linden Street"], description="street and number")
    line2: Text = ""
    postcode: Text = Field("", examples=["1010"])
    city: Text = Field("", examples=["Vienna"])
    region: Text = Field("", description="state, province or county")
    country: Country = Field(examples=["AT"])


class CardRequest(RequestBody):
    """A test card: this shop takes no real ones."""

    number: Text = Field(examples=["4242 4242 4242 4242"])
    expiry: Text = Field("", examples=["12/30"])
    cvc: Text = Field("", examples=["123"])

    def as_typed(self) -> Json:
        """Return it as the pages' form has it."""
        return self.typed_in(self.model_dump())

    @classmethod
    def typed_in(cls, sent: Any) -> Json:
        """Return what was sent, right or not, as the pages' form has it."""
        return {f"card_{name}": value for name, value in _fields(cls, sent).items()}


class OrderRequest(CheckoutChoices):
    """A cart to be ordered."""

    ship_to: AddressRequest
    total: MoneyText = Field(description="what the quote said")
    card: CardRequest | None = Field(
        None, description="not needed where nothing is to pay, or the processor's page asks for it"
    )

    @classmethod
    def typed_in(cls, sent: Json, user: Any) -> Json:
        """Return what was sent, right or not, as the pages' form has it."""
        ship_to = _fields(AddressRequest, sent.get("ship_to"))
        return {
            **super().typed_in(sent, user),
            **ship_to,
            **CardRequest.typed_in(sent.get("card")),
        }


class OrderResponse(Schema):
    """An order that was placed. Everything else about it comes with its story."""

    id: UUID = Field(description="keep it to yourself: it opens the order")
    number: str = Field(examples=["100001"], description="what people call it")
    total: Amount
    story: str = Field(description="address of its story, here")
    url: str = Field(description="its page")

    @classmethod
    def of(cls, order: Order) -> "OrderResponse":
        return cls(
            id=order.id,
            number=order.number,
            total=Amount.of(order.total),
            story=absolute(reverse("api:order-story", args=[order.id])),
            url=absolute(reverse("storefront:order", args=[order.id])),
        )


def _fields(schema: type[Schema], sent: Any) -> Json:
    """Return the fields of a schema in what was sent, as far as a form could hold them."""
    known = sent if isinstance(sent, dict) else {}
    return {
        name: known[name] for name in schema.model_fields if type(known.get(name)) in (str, int)
    }


def _tax(tax: Any) -> TaxOut:
    return TaxOut(rate=str(tax.rate), net=Amount.ours(tax.net), amount=Amount.ours(tax.amount))
