"""Which cart a browser holds. Its id is kept in the session only, never in an address."""

from django.http import HttpRequest

from shop.storefront import accounts
from shop.storefront.models import Cart

KEY = "cart"


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
    """This browser holds no cart any more."""
    request.session.pop(KEY, None)


def _owner(request: HttpRequest) -> dict[str, str]:
    user = request.user
    if not user.is_authenticated:
        return {}
    return {"customer_id": accounts.customer_id(user), "email": user.email}
