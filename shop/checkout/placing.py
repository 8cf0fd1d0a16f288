"""Checkout: from a cart to an order, in one transaction and without asking anybody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from eventbus import mailbox
from orders import events, services
from pricing.services import Quote, QuotedLine, Shopper, quote, redeem
from shop.checkout.delivery import Method
from shop.storefront import cart_view
from shop.storefront.cart import CartRefusal
from shop.storefront.cart_view import Line
from shop.storefront.models import Cart, Points


class CartChanged(Exception):
    """The cart holds something else than the shopper saw: show it, and ask again."""


class TotalChanged(Exception):
    """The order costs something else than the shopper saw: show it, and ask again."""


@dataclass(frozen=True)
class Wish:
    """What the shopper chose. `total` is what they saw, in the shop's currency.

    `card` is None when nothing is left to pay, or the processor's own page asks for it.
    """

    key: UUID
    shopper: Shopper
    ship_to: events.Address
    shipping: Method
    card: events.Card | None
    total: Decimal
    code: str = ""
    points: int = 0
    #: `basket.fingerprint` of the goods they saw; empty: they saw none but those they sent
    goods: str = ""
    #: digest of where they are, by which what they have unpaid is counted
    visitor: str = ""


def place(cart: Cart, wish: Wish) -> services.Order:
    """Order what is in the cart at today's prices. The same key gives the same order.

    The order, the use of its promotion and the end of the cart are one transaction.
    Raises `CartRefusal` when the cart is empty, was ordered before, or holds what
    cannot be ordered; `CartChanged` or `TotalChanged`; `PromotionRefused` or
    `PointsRefused`; `OrderInvalid` or `TooMuchUnpaid`.
    """
    with transaction.atomic():
        cart = Cart.objects.select_for_update().get(pk=cart.pk)
        if placed := placed_with(wish.key):
            return placed
        lines = _lines_to_order(cart)
        if wish.goods and wish.goods != cart_view.fingerprint(lines):
            raise CartChanged
        quoted = _quote(lines, wish)
        details = _details(cart, wish, lines, quoted)
        order = services.place_order(details, key=_order_key(wish.key), visitor=wish.visitor)
        if order.cart_id != cart.id:  # Placed a moment ago, with this key but another cart.
            return order
        if quoted.promotion:
            redeem(quoted.promotion, order.id, wish.shopper)
        cart.ordered_at = timezone.now()
        cart.save(update_fields=["ordered_at"])
    return order


def placed_with(key: UUID) -> services.Order | None:
    """The order placed from the checkout page that had this key."""
    return services.order_with_key(_order_key(key))


def shopper(customer_id: str, email: str) -> Shopper:
    """Who orders, with the points they have as far as is known here."""
    known = Points.objects.filter(pk=customer_id).first() if customer_id else None
    return Shopper(customer_id, mailbox(email), max(known.balance, 0) if known else 0)


def _order_key(key: UUID) -> str:
    """Keys from this page cannot meet those that orders from elsewhere have."""
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


def _quote(lines: Sequence[Line], wish: Wish) -> Quote:
    quoted = quote(
        [line.priced for line in lines],
        **wish.shipping.taxed_at(wish.ship_to.country, wish.ship_to.region, wish.ship_to.postcode),
        shipping=wish.shipping.cost,
        code=wish.code,
        points=wish.points,
        shopper=wish.shopper,
    )
    if quoted.total != wish.total:
        raise TotalChanged(f"{quoted.total} instead of {wish.total}")
    return quoted


def _details(cart: Cart, wish: Wish, lines: Sequence[Line], quoted: Quote) -> events.OrderDetails:
    numbered = enumerate(zip(lines, quoted.lines, strict=True), start=1)
    return events.OrderDetails(
        lines=tuple(_order_line(number, *both) for number, both in numbered),
        ship_to=wish.ship_to,
        card=wish.card if quoted.total else None,
        currency=settings.DEFAULT_CURRENCY,
        email=wish.shopper.email,
        customer_id=wish.shopper.customer_id or None,
        cart_id=cart.id,
        shipping_cost=quoted.shipping,
        discount=quoted.discount,
        promotion=quoted.promotion,
        tax=quoted.tax,
        tax_included=quoted.tax_included,
        taxes=quoted.taxes,
        points=quoted.points,
        points_value=quoted.points_value,
        language=get_language() or settings.LANGUAGE_CODE,
    )


def _order_line(number: int, line: Line, quoted: QuotedLine) -> events.OrderLine:
    return events.OrderLine(
        line=number,
        sku=line.item.sku,
        title=line.item.title,
        quantity=line.item.quantity,
        unit_price=line.price.amount,
        discount=quoted.discount,
        tax_rate=quoted.tax_rate,
        tax=quoted.tax,
        requires_shipping=line.requires_shipping,
        backordered=line.later,
    )
