"""What may be ordered and held without having been paid, and for how long."""

from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from eventbus import now
from orders.errors import TooMuchUnpaid
from orders.events import OrderDetails
from orders.models import Order


def check_unpaid(details: OrderDetails, visitor: str) -> None:
    """Raise `TooMuchUnpaid` when this visitor holds too much with what was not paid before.

    Of one visitor's orders, one is placed after the other. With `MOST_UNPAID_ORDERS` at 0, or
    without a visitor, nothing is counted.
    """
    if not (visitor and settings.MOST_UNPAID_ORDERS):
        return
    with connection.cursor() as cursor:
        lock = "select pg_advisory_xact_lock(hashtextextended(%s, 1))"
        cursor.execute(lock, [visitor])
    units = sum(line.quantity for line in details.lines)
    held = _unpaid_of(visitor)
    if held["orders"] >= settings.MOST_UNPAID_ORDERS:
        raise TooMuchUnpaid(
            _("You have %(orders)d orders that are not paid yet. Please pay them first.") % held
        )
    if held["units"] + units > settings.MOST_UNPAID_UNITS:
        most = _("At most %(most)d units can be ordered at a time before they are paid.")
        raise TooMuchUnpaid(most % {"most": settings.MOST_UNPAID_UNITS})


def keep_waiting(order_id: UUID) -> bool:
    """Note that an unpaid order's shopper is there: whether it waits longer for them now.

    Up to an end, and not where it does not wait for its shopper. Raises `UnknownOrder`.
    """
    with transaction.atomic(), Order.objects.get_for_update(pk=order_id) as order:
        if until := order.extended_wait:
            order.pay_until = until
    return until is not None


def _unpaid_of(visitor: str) -> dict[str, int]:
    """Count orders that wait for their shopper, or were placed so lately that they soon may.

    One that has long waited for an app of ours is not held against anybody.
    """
    since = now() - settings.PAYMENT_CHALLENGE_TIMEOUT
    waits = Q(pay_until__isnull=False) | Q(authorized_at=None, placed_at__gt=since)
    unpaid = Order.objects.filter(waits, visitor=visitor, ended_at=None, captured_at=None)
    return unpaid.aggregate(
        orders=Count("pk", distinct=True), units=Sum("lines__quantity", default=0)
    )
