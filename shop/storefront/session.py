"""What a browser holds: its cart, whose id is in no address, and what was typed or taken out."""

from typing import Any

from django.http import HttpRequest

from shop import accounts
from shop.storefront.models import Cart, CartItem

KEY = "cart"
REMOVED, TYPED = "removed", "typed"


def cart_of(request: HttpRequest) -> Cart | None:
    """The cart this browser holds, unless that was ordered."""
    held = request.session.get(KEY)
    return Cart.objects.filter(pk=held, ordered_at=None).first() if held else None


def cart_to_fill(request: HttpRequest) -> Cart:
    """The cart this browser holds, a new one if need be."""
    cart = cart_of(request)
    if cart is None:
        cart = Cart.objects.create(**_owner(request))
        hold(request, cart)
    return cart


def hold(request: HttpRequest, cart: Cart) -> None:
    """From now on this browser holds `cart`."""
    request.session[KEY] = str(cart.id)


def let_go(request: HttpRequest) -> None:
    """This browser holds no cart any more, nor what was typed to order it."""
    for key in (KEY, REMOVED, TYPED):
        request.session.pop(key, None)


def keep_removed(request: HttpRequest, item: CartItem) -> None:
    """What was taken out of the cart last can be put back."""
    taken = {"sku": item.sku, "title": item.title, "quantity": item.quantity}
    request.session[REMOVED] = taken


def removed(request: HttpRequest) -> dict[str, Any] | None:
    """SKU, title and quantity of what was taken out last, while it can be put back."""
    return request.session.get(REMOVED)


def forget_removed(request: HttpRequest) -> None:
    request.session.pop(REMOVED, None)


def keep_typed(request: HttpRequest, typed: dict[str, str]) -> None:
    """What was filled in so far is there again when the shopper comes back."""
    request.session[TYPED] = typed


def typed(request: HttpRequest) -> dict[str, str]:
    return request.session.get(TYPED, {})


def _owner(request: HttpRequest) -> dict[str, str]:
    user = request.user
    if not user.is_authenticated:
        return {}
    return {"customer_id": accounts.customer_id(user), "email": user.email}
