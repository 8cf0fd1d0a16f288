"""Reading all that an order's story needs."""

from uuid import UUID

from orders import services
from shop.storefront.models import OrderStatus, Tracking
from shop.storefront.story.story import Story


def load(order_id: UUID) -> Story:
    """The order's story as it is now. Raises `UnknownOrder`."""
    order = services.order_for_page(order_id)
    status = OrderStatus.objects.filter(pk=order_id).first() or OrderStatus(order_id=order_id)
    return Story(order, status, list(Tracking.objects.filter(order_id=order_id)))
