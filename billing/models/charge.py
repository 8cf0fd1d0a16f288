"""The money of one order."""

from django.db import models
from django.db.models import F, Q

from billing.models.refunding import RefundablePayment
from eventbus import LockingManager


class Charge(RefundablePayment):
    """The one payment of an order, and every fact that decides about it.

    Facts come in any order, so the row is made by whichever comes first.
    """

    objects = LockingManager["Charge"]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(captured=0) | Q(state="captured", captured=F("amount")),
                name="billing_captured_once_and_in_full",
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0)
                & Q(refunded__lte=F("reserved_for_refund"))
                & Q(reserved_for_refund__lte=F("captured")),
                name="billing_refunded_within_captured",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.order_id}: {self.state}"
