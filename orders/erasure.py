"""Forgetting whom an order was for. Its number, goods, sums, and ids that lead to nobody stay."""

from collections.abc import Iterable
from uuid import UUID

from eventbus import masked
from orders.events import Address
from orders.models import Order, Return


def forget(order_ids: Iterable[UUID]) -> None:
    """Blank who ordered, where it went but for the country, and what people wrote about it."""
    for order in Order.objects.select_for_update().filter(pk__in=order_ids).order_by("pk"):
        order.email = order.cancel_detail = order.hold_reason = order.visitor = ""
        # Made up by a caller, in which they may have put whatever they like.
        order.idempotency_key = None
        order.ship_to = masked(Address, order.ship_to)
        order.save()
    Return.objects.filter(order__in=order_ids).update(reason="", refusal="")
