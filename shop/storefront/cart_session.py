"""What the session of a browser holds of shopping: the cart's id, form data, the last removed item.

The id of a cart stands in no address.
"""

from typing import Any

from django.http import HttpRequest

from shop import accounts
from shop.storefront.models import Cart, CartItem

KEY = "cart"
REMOVED, FORM_DATA = "removed", "form_data"


def cart_of(request: HttpRequest) -> Cart | None:
    """Return the session's cart, unless that was ordered."""
    held = request.session.get(KEY)
    return Cart.objects.filter(pk=held, ordered_at=None).first() if held else None


def cart_to_fill(request: HttpRequest) -> Cart:
    """Return the session's cart; make one if it has none that is open."""
    cart = cart_of(request)
    if cart is None:
        cart = Cart.objects.create(**_owner(request))
        attach(request, cart)
    return cart


def attach(request: HttpRequest, cart: Cart) -> None:
    """Make `cart` the session's cart."""
    request.session[KEY] = str(cart.id)


def detach(request: HttpRequest) -> None:
    """Take the cart out of the session, and what was typed to order it."""
    for key in (KEY, REMOVED, FORM_DATA):
        request.session.pop(key, None)


def save_removed(request: HttpRequest, item: CartItem) -> None:
    """Remember what was removed from the cart last, so that it can be put back."""
    taken = {"sku": item.sku, "title": item.title, "quantity": item.quantity}
    request.session[REMOVED] = taken


def removed(request: HttpRequest) -> dict[str, Any] | None:
    """Return SKU, title and quantity of what was removed last, while it can be put back."""
    return request.session.get(REMOVED)


def forget_removed(request: HttpRequest) -> None:
    """Offer no removed item any more."""
    request.session.pop(REMOVED, None)


def save_form_data(request: HttpRequest, data: dict[str, str]) -> None:
    """Keep what was typed at the checkout so far for when the shopper comes back."""
    request.session[FORM_DATA] = data


def form_data(request: HttpRequest) -> dict[str, str]:
    """Return what was typed at the checkout so far, by field."""
    return request.session.get(FORM_DATA, {})


def _owner(request: HttpRequest) -> dict[str, str]:
    user = request.user
    if not user.is_authenticated:
        return {}
    return {"customer_id": accounts.customer_id(user), "email": user.email}
