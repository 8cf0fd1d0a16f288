"""Checkout: from a cart to an order, in one transaction and without asking anybody else."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders import events, services
from shop.storefront import basket
from shop.storefront.basket import Line
from shop.storefront.cart import CartRefusal
from shop.storefront.delivery import Method
from shop.storefront.models import Cart


class PricesChanged(Exception):
    """The goods cost something else than the shopper saw: show it, and ask again."""


@dataclass(frozen=True)
class Wish:
    """What the shopper chose. `goods_total` is what they saw, in the shop's currency."""

    key: UUID
    email: str
    customer_id: str | None
    ship_to: events.Address
    shipping: Method
    card: events.Card
    goods_total: Decimal


def place(cart: Cart, wish: Wish) -> services.Order:
    """Order what is in the cart at today's prices. The same key gives the same order.

    Raises `CartRefusal` when the cart is empty, was ordered before, or holds
    what is no longer on sale; `PricesChanged`; and `OrderInvalid`.
    """
    with transaction.atomic():
        cart = Cart.objects.select_for_update().get(pk=cart.pk)
        if placed := placed_with(wish.key):
            return placed
        order = services.place_order(_draft(cart, wish))
        cart.ordered_at = timezone.now()
        cart.save(update_fields=["ordered_at"])
    return order


def placed_with(key: UUID) -> services.Order | None:
    """The order placed from the checkout page that had this key."""
    return services.order_with_key(_order_key(key))


def _order_key(key: UUID) -> str:
    """Keys from this page cannot meet those that orders from elsewhere have."""
    return f"checkout-{key}"


def _draft(cart: Cart, wish: Wish) -> services.Draft:
    lines = _lines_to_order(cart)
    if basket.total_of(lines, settings.DEFAULT_CURRENCY).amount != wish.goods_total:
        raise PricesChanged("the goods cost something else now")
    return services.Draft(
        lines=[_order_line(number, line) for number, line in enumerate(lines, start=1)],
        ship_to=wish.ship_to,
        card=wish.card,
        currency=settings.DEFAULT_CURRENCY,
        email=wish.email,
        customer_id=wish.customer_id,
        cart_id=cart.id,
        shipping_cost=wish.shipping.cost,
        key=_order_key(wish.key),
    )


def _lines_to_order(cart: Cart) -> list[Line]:
    if cart.ordered_at:
        raise CartRefusal("this cart has been ordered already")
    lines = basket.lines_of(cart)
    if not lines:
        raise CartRefusal("the cart is empty")
    if gone := [line.item.title for line in lines if line.variant is None]:
        raise CartRefusal(f"no longer on sale: {', '.join(gone)}; take it out of the cart")
    return lines


def _order_line(number: int, line: Line) -> events.OrderLine:
    return events.OrderLine(
        line=number,
        sku=line.item.sku,
        title=line.item.title,
        quantity=line.item.quantity,
        unit_price=line.price.amount,
    )
