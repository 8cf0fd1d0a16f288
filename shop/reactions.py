"""What the shop does about facts: its own of the cart, and others' for its pages."""

from django.conf import settings

from billing.events import PaymentChallenged, PaymentVoided
from inventory.events import InventoryUpdated
from loyalty.events import PointsEarned, PointsReversed
from orders.events import CancellationRefused
from shipping.events import OrderShipped
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


@reacts_to(PaymentChallenged)
def show_challenge(event: PaymentChallenged) -> None:
    read_models.show_status(event.order_id, challenged_at=event.stated_at)


@reacts_to(PaymentVoided)
def show_release_of_hold(event: PaymentVoided) -> None:
    read_models.show_status(event.order_id, voided_at=event.stated_at)


@reacts_to(CancellationRefused)
def show_refused_cancellation(event: CancellationRefused) -> None:
    read_models.show_status(event.order_id, cancellation_refused_at=event.stated_at)


@reacts_to(OrderShipped)
def show_tracking(event: OrderShipped) -> None:
    read_models.show_parcel(event)
