"""What other apps emit about the payment of an order."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from billing.events import PaymentAuthorized, PaymentFailed, PaymentRetried
from loyalty.events import PointsRejected

HOUR = timedelta(hours=1)


def refused(order, attempt=1, within=HOUR):
    return PaymentFailed(
        order_id=order.id,
        payment_id=uuid4(),
        number=order.number,
        email="",
        amount=order.total.amount,
        currency="EUR",
        code="card_declined",
        reason="The bank declined the card.",
        attempt=attempt,
        pay_until=within and timezone.now() + within,
    )


def failed(order):
    """The payment is refused, and no other card is asked for."""
    return refused(order, within=None)


def authorized(order, attempt=1):
    return PaymentAuthorized(
        order_id=order.id,
        payment_id=uuid4(),
        amount=order.total.amount,
        currency="EUR",
        attempt=attempt,
    )


def retried(order, attempt=2):
    return PaymentRetried(order_id=order.id, payment_id=uuid4(), attempt=attempt)


def points_rejected(order):
    return PointsRejected(customer_id="7", order_id=order.id, wanted=500, balance=20)
