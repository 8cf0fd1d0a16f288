"""What the shop does about facts: its own of the cart, and others' for its pages."""

from django.conf import settings

from inventory.events import InventoryUpdated
from loyalty.events import PointsEarned, PointsReversed
from shop.bus import reacts_to
from shop.events import ItemAdded, ItemRemoved
from shop.storefront import cart, read_models


@reacts_to(ItemAdded, ItemRemoved)
def announce_cart(event: ItemAdded | ItemRemoved) -> None:
    cart.announce(event.cart_id, settings.DEFAULT_CURRENCY)


@reacts_to(InventoryUpdated)
def show_availability(event: InventoryUpdated) -> None:
    read_models.show_levels(event.levels)


@reacts_to(PointsEarned, PointsReversed)
def show_points(event: PointsEarned | PointsReversed) -> None:
    read_models.show_points(event.customer_id, event.balance, event.revision)
