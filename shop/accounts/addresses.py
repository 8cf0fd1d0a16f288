"""The addresses a customer has saved for the next order."""

from django.db import transaction
from django.db.models import QuerySet

from orders.events import Address
from shop.storefront.models import SavedAddress

#: Addresses a customer may keep.
MOST_ADDRESSES = 20


class TooManyAddresses(Exception):
    """A customer keeps as many addresses as they may: delete one that is not needed."""


def addresses_of(customer_id: str) -> QuerySet[SavedAddress]:
    """Return the customer's addresses, the default first."""
    return SavedAddress.objects.filter(customer_id=customer_id)


def keep(customer_id: str, address: Address, *, is_default: bool = False) -> SavedAddress:
    """Save a new address; the first is the default. Raises `TooManyAddresses`."""
    kept = addresses_of(customer_id).count()
    if kept >= MOST_ADDRESSES:
        raise TooManyAddresses(f"{customer_id} keeps {kept} addresses")
    new = SavedAddress(customer_id=customer_id)
    change(new, address, is_default=is_default or not kept)
    return new


@transaction.atomic
def change(saved: SavedAddress, address: Address, *, is_default: bool) -> None:
    """Change a saved address; if it becomes the default, no other is."""
    for name, value in address.model_dump().items():
        setattr(saved, name, value)
    saved.is_default = is_default
    if is_default:
        addresses_of(saved.customer_id).exclude(pk=saved.pk).update(is_default=False)
    saved.save()
