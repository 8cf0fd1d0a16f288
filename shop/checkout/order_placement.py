"""Checkout: from a cart to an order, in one transaction and without asking anybody else."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import services
from orders.events import Card
from pricing.services import redeem
from shop.checkout.summary import CheckoutSummary
from shop.ratelimit import limits
from shop.storefront import cart_view
from shop.storefront.cart import CartRefusal
from shop.storefront.cart_view import Line
from shop.storefront.models import Cart


class CartChanged(Exception):
    """The cart holds something else than the shopper saw: show it, and ask again."""


class TotalChanged(Exception):
    """The order costs `total`, not what the shopper saw: show it, and ask again."""

    def __init__(self, total: Decimal) -> None:
        super().__init__(f"the total is {total}")
        self.total = total


def place(cart: Cart, seen: CheckoutSummary, card: Card | None, visitor: str) -> services.Order:
    """Order what is in the cart at today's prices. The same key gives the same order.

    `seen` is what the shopper agreed to, with a form that is valid; `card` is None when nothing
    is left to pay, or the processor's own page asks for it; `visitor` is where they are, by which
    what they have unpaid is counted.

    The order, the use of its promotion and the end of the cart are one transaction.
    Raises `CartRefusal` when the cart is empty, was ordered before, or holds what
    cannot be ordered; `CartChanged` or `TotalChanged`; `PromotionRefused` or
    `PointsRefused`; `OrderInvalid` or `TooMuchUnpaid`.
    """
    key, total, goods = (seen.chosen[name] for name in ("key", "total", "goods"))
    with transaction.atomic():
        cart = Cart.objects.select_for_update().get(pk=cart.pk)
        if placed := placed_with(key):
            return placed
        now = replace(seen, lines=_lines_to_order(cart))
        if goods and goods != now.goods:
            raise CartChanged
        quoted = now.quote_to_order()
        if quoted.total != total:
            raise TotalChanged(quoted.total)
        details = now.details(cart.id, quoted, card)
        order = services.place_order(details, key=_order_key(key), visitor=limits.digest(visitor))
        if order.cart_id != cart.id:  # Placed a moment ago, with this key but another cart.
            return order
        if quoted.promotion:
            redeem(quoted.promotion, order.id, seen.shopper)
        cart.ordered_at = timezone.now()
        cart.save(update_fields=["ordered_at"])
    return order


def placed_with(key: UUID) -> services.Order | None:
    """Return the order placed from the checkout page that had this key."""
    return services.order_with_key(_order_key(key))


def _order_key(key: UUID) -> str:
    """Prefix the key: those from this page cannot meet those that orders from elsewhere have."""
    return f"checkout-{key}"


def _lines_to_order(cart: Cart) -> list[Line]:
    if cart.ordered_at:
        raise CartRefusal(_("This cart has been ordered already."))
    lines = cart_view.lines_of(cart)
    if not lines:
        raise CartRefusal(_("Your cart is empty."))
    if troubles := [f"{line.item.title}: {line.problem}" for line in lines if line.problem]:
        raise CartRefusal(" ".join(troubles))
    return lines
