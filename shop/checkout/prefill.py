"""The checkout form's initial values, from what is known of the shopper."""

from typing import Any

from orders import services as orders
from orders.events import Address
from shop import accounts
from shop.accounts.addresses import addresses_of
from shop.storefront.models import SavedAddress

FIELDS = tuple(Address.model_fields)


def known_of(user: Any) -> dict[str, str]:
    """Return their e-mail, and their default address, else that of their last order."""
    if not user.is_authenticated:
        return {}
    known = {"name": user.first_name, "email": user.email}
    if saved := saved_by(user):
        return known | _fields(saved[0])
    last = orders.orders_of(accounts.customer_id(user)).filter(ships=True).first()
    return known | (last.ship_to if last else {})


def saved_by(user: Any) -> list[SavedAddress]:
    """List the addresses a shopper has saved; one query, none for a guest."""
    if not user.is_authenticated:
        return []
    return list(addresses_of(accounts.customer_id(user)))


def saved_fields(user: Any, chosen: str) -> dict[str, str]:
    """Return the checkout's fields of the saved address with this id; none for another's."""
    for saved in saved_by(user):
        if str(saved.pk) == chosen:
            return _fields(saved)
    return {}


def _fields(saved: SavedAddress) -> dict[str, str]:
    return {field: getattr(saved, field) for field in FIELDS}
