"""A customer's points, as the pages show them."""

from collections.abc import Sequence

from django.db.models import QuerySet

from orders import services as orders
from shop.storefront.models import Points, PointsLine


def balance_of(customer_id: str) -> int:
    """Return the points a customer has."""
    points = Points.objects.filter(pk=customer_id).first()
    return points.balance if points else 0


def lines_of(customer_id: str) -> QuerySet[PointsLine]:
    """Return the lines of the customer's account of points, newest first."""
    return PointsLine.objects.filter(customer_id=customer_id)


def with_numbers(
    customer_id: str, lines: Sequence[PointsLine]
) -> list[tuple[PointsLine, str | None]]:
    """Return each line with the number of its order. One query."""
    theirs = orders.orders_of(customer_id).filter(pk__in={line.order_id for line in lines})
    numbers = dict(theirs.values_list("pk", "number"))
    return [(line, numbers.get(line.order_id)) for line in lines]
