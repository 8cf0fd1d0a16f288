"""Loads an order's progress from the database."""

from uuid import UUID

from orders import services
from shop.storefront.models import OrderStatus, PointsLine, Tracking
from shop.storefront.progress.order_progress import OrderProgress


def load(order_id: UUID) -> OrderProgress:
    """Load the order's progress as it is now. Raises `UnknownOrder`."""
    order = services.order_for_page(order_id)
    status = OrderStatus.objects.filter(pk=order_id).first() or OrderStatus(order_id=order_id)
    parcels = list(Tracking.objects.filter(order_id=order_id))
    return OrderProgress(order, status, parcels, points_booked=_points_booked(order))


def load_for_shopper(order_id: UUID) -> OrderProgress:
    """Load it for its shopper, who is there: an order that waits for them waits longer."""
    progress = load(order_id)
    if progress.order.extended_wait and services.keep_waiting(order_id):
        return load(order_id)
    return progress


def _points_booked(order: services.Order) -> bool:
    if not order.points:
        return True
    spent = PointsLine.objects.filter(kind=PointsLine.Kind.REDEEMED, order_id=order.pk)
    return spent.filter(customer_id=order.customer_id).exists()
