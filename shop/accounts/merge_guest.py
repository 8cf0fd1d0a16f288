"""Merges what somebody did as a guest into their account: the cart and orders."""

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest

from orders import services as orders
from shop.accounts.customer_ids import customer_id
from shop.storefront import cart, cart_session


def merge_cart(request: HttpRequest, user: Any) -> None:
    """Merge the session's cart into the one the customer left open earlier."""
    held = cart_session.cart_of(request)
    theirs = cart.claim(held, customer_id(user), user.email, settings.DEFAULT_CURRENCY)
    if theirs:
        cart_session.attach(request, theirs)


def confirmed_addresses(user: Any) -> list[str]:
    """Return the user's confirmed e-mail addresses."""
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    return list(addresses.values_list("email", flat=True))


def claim_orders(user: Any) -> None:
    """Claim the orders placed as a guest with a confirmed address of the user."""
    for email in confirmed_addresses(user):
        orders.claim_orders(email, customer_id(user))
