"""What a person did before they logged in becomes part of their account."""

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest

from orders import services as orders
from shop.accounts.naming import customer_id
from shop.storefront import cart, cart_session


def bring_cart(request: HttpRequest, user: Any) -> None:
    """Go on with the cart left open earlier, and with what was put into this browser's."""
    held = cart_session.cart_of(request)
    theirs = cart.claim(held, customer_id(user), user.email, settings.DEFAULT_CURRENCY)
    if theirs:
        cart_session.attach(request, theirs)


def confirmed_addresses(user: Any) -> list[str]:
    """The e-mail addresses that are proven to be this person's."""
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    return list(addresses.values_list("email", flat=True))


def claim_orders(user: Any) -> None:
    """Take over the orders placed as a guest with an address that is proven to be theirs."""
    for email in confirmed_addresses(user):
        orders.claim_orders(email, customer_id(user))
