"""Reading all that an order's story needs."""

from uuid import UUID

from orders import services
from shop.storefront.models import OrderStatus, PointsLine, Tracking
from shop.storefront.story.story import Story


def load(order_id: UUID) -> Story:
    """The order's story as it is now. Raises `UnknownOrder`."""
    order = services.order_for_page(order_id)
    status = OrderStatus.objects.filter(pk=order_id).first() or OrderStatus(order_id=order_id)
    parcels = list(Tracking.objects.filter(order_id=order_id))
    return Story(order, status, parcels, points_booked=_points_booked(order))


def load_for_shopper(order_id: UUID) -> Story:
    """The same for its shopper, who is there: if it waits for them, it waits longer."""
    story = load(order_id)
    if story.order.extended_wait and services.keep_waiting(order_id):
        return load(order_id)
    return story


def _points_booked(order: services.Order) -> bool:
    if not order.points:
        return True
    spent = PointsLine.objects.filter(kind=PointsLine.Kind.REDEEMED, order_id=order.pk)
    return spent.filter(customer_id=order.customer_id).exists()
