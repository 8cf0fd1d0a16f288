"""Filling a cart. Its id is the key to it: whoever knows it may change a guest's cart."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.errors import Throttled

from shop.api.auth import TOKEN_IF_ANY, caller, customer_id
from shop.api.problems import Refusal, missing, wrong
from shop.api.schemas import Amount, Availability, RequestBody, Sku, Units
from shop.ratelimit import limits
from shop.ratelimit.client_address import client_ip
from shop.storefront import cart, cart_view
from shop.storefront.cart import AlreadyOrdered, CartFull, CartRefusal, NoSuchProduct
from shop.storefront.models import Cart as CartRow
from shop.storefront.seo import absolute

router = Router(tags=["Cart"])


class Item(RequestBody):
    """Units of a variant."""

    sku: Sku = Field(examples=["MUG-BLUE"])
    quantity: Units


class Quantity(RequestBody):
    """How many units there are to be."""

    quantity: Units


class CartItem(Schema):
    """A line of a cart, at today's price."""

    sku: str
    title: str
    quantity: int
    unit_price: Amount
    amount: Amount
    availability: Availability
    backordered: int = Field(
        examples=[0], description="units of it that are sent later, as soon as they are in again"
    )
    problem: str = Field(description="why it cannot be ordered, for people; empty: it can")

    @classmethod
    def of(cls, line: cart_view.Line) -> "CartItem":
        return cls(
            sku=line.item.sku,
            title=line.item.title,
            quantity=line.item.quantity,
            unit_price=Amount.of(line.price),
            amount=Amount.of(line.amount),
            availability=Availability.of(line.stock),
            backordered=line.later,
            problem=line.problem,
        )


class Cart(Schema):
    """What somebody means to buy. Goods alone: for the total, ask for a quote."""

    id: UUID = Field(description="keep it to yourself: it opens the cart")
    items: list[CartItem]
    goods: Amount

    @classmethod
    def of(cls, held: CartRow) -> "Cart":
        lines = cart_view.lines_of(held)
        return cls(
            id=held.id,
            items=[CartItem.of(line) for line in lines],
            goods=Amount.of(cart_view.total_of(lines, settings.DEFAULT_CURRENCY)),
        )


@router.post(
    "/carts",
    response={200: Cart, 201: Cart},
    operation_id="openCart",
    openapi_extra=TOKEN_IF_ANY,
)
def open_cart(request: HttpRequest, answer: HttpResponse) -> Status[Cart]:
    """Open a new cart (201); with a token the customer's open one, where there is one (200)."""
    user, mine = caller(request), customer_id(request)
    email = user.email if mine else ""
    held = cart.claim(None, mine, email, settings.DEFAULT_CURRENCY) if mine else None
    if held:
        return Status(200, Cart.of(held))
    held = CartRow.objects.create(customer_id=mine, email=email)
    answer["Location"] = absolute(reverse("api:cart", args=[held.id]))
    return Status(201, Cart.of(held))


@router.get(
    "/carts/{cart_id}",
    response=Cart,
    operation_id="getCart",
    openapi_extra=TOKEN_IF_ANY,
    url_name="cart",
)
def get_cart(request: HttpRequest, cart_id: UUID) -> Cart:
    """Show the cart at today's prices."""
    return Cart.of(open_cart_of(request, cart_id))


@router.post(
    "/carts/{cart_id}/items", response=Cart, operation_id="addItem", openapi_extra=TOKEN_IF_ANY
)
def add_item(request: HttpRequest, cart_id: UUID, item: Item) -> Cart:
    """Put units of a variant into the cart, beside those that are in it."""
    held = open_cart_of(request, cart_id)
    _changed(request, lambda: cart.add(held, item.sku, item.quantity))
    return Cart.of(held)


@router.put(
    "/carts/{cart_id}/items/{path:sku}",
    response=Cart,
    operation_id="changeItem",
    openapi_extra=TOKEN_IF_ANY,
)
def change_item(request: HttpRequest, cart_id: UUID, sku: Sku, wanted: Quantity) -> Cart:
    """Make it so many units of what is in the cart."""
    held = open_cart_of(request, cart_id)
    if not held.items.filter(sku=sku).exists():
        raise missing(_("This is not in your cart."))
    _changed(request, lambda: cart.change(held, sku, wanted.quantity))
    return Cart.of(held)


@router.delete(
    "/carts/{cart_id}/items/{path:sku}",
    response=Cart,
    operation_id="removeItem",
    openapi_extra=TOKEN_IF_ANY,
)
def remove_item(request: HttpRequest, cart_id: UUID, sku: Sku) -> Cart:
    """Take it out of the cart; what is not in it is out already."""
    held = open_cart_of(request, cart_id)
    _changed(request, lambda: cart.remove(held, sku))
    return Cart.of(held)


def open_cart_of(request: HttpRequest, cart_id: UUID) -> CartRow:
    """Return the caller's cart of this id. Raises `Refusal` (404), for others' carts as well."""
    mine = {"", customer_id(request)}
    held = CartRow.objects.filter(pk=cart_id, customer_id__in=mine, ordered_at=None).first()
    if held is None:
        raise missing(_("There is no such open cart."))
    return held


def _changed(request: HttpRequest, change: Any) -> None:
    if wait := limits.hit("cart", client_ip(request)):
        raise Throttled(wait)
    try:
        change()
    except AlreadyOrdered as refusal:
        raise Refusal(409, str(refusal)) from refusal
    except (CartFull, NoSuchProduct) as refusal:
        raise wrong({"sku": [str(refusal)]}) from refusal
    except CartRefusal as refusal:
        raise wrong({"quantity": [str(refusal)]}) from refusal
