"""Forgetting whom a payment was of. Amounts, numbers and invoices stay: the law wants them kept."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from billing.models import Charge, OrderSnapshot, Refund, SandboxOperation
from billing.models.order_snapshot import Ordered
from eventbus import masked
from orders.events import OrderPlaced


def forget(order_ids: Iterable[UUID]) -> None:
    """Blank who paid for these orders, with which card, and where to."""
    for order_id in sorted(order_ids):
        with Charge.objects.get_or_create_for_update(pk=order_id) as charge:
            charge.forget(timezone.now())
        for snapshot in OrderSnapshot.objects.filter(pk=order_id):
            snapshot.details = masked(Ordered, snapshot.details)
            snapshot.save(update_fields=["details"])
        Refund.objects.filter(charge=order_id).update(reason="")
        forget_card(order_id)


def forget_card(order_id: UUID) -> None:
    """Blank this order's card in the sandbox processor's books, which are in our house."""
    SandboxOperation.objects.filter(key__startswith=f"{order_id}:").update(token="")


def redact_if_erased(order: OrderPlaced, charge: Charge) -> OrderPlaced:
    """Return the order without its shopper, if they were forgotten before we heard of it."""
    return order.masked() if charge.erased_at else order
