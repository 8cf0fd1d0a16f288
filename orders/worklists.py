"""Orders and returns that may wait for somebody."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from orders.models import Order, Return, State


def stuck() -> QuerySet[Order]:
    """Find open orders, not on hold, that should have been shipped or have ended long ago."""
    # Said of the time they expire at, which open orders have an index on.
    latest = timezone.now() - settings.ALERT_ORDER_AGE + settings.ORDER_EXPIRES_AFTER
    return _open().filter(expires_at__lt=latest, held_at=None)


def held() -> QuerySet[Order]:
    """Find open orders that staff have put on hold."""
    return _open().exclude(held_at=None)


def returns_asked_for() -> int:
    """Count the returns that nobody has decided about."""
    return Return.objects.filter(state=Return.State.REQUESTED).count()


def _open() -> QuerySet[Order]:
    return Order.objects.filter(
        ended_at=None, state__in=(State.PLACED, State.PAID, State.CANCELLING)
    )
