"""Forgetting whom an order was for. Its number, goods, sums, and ids that lead to nobody stay."""

from collections.abc import Iterable
from uuid import UUID

from eventbus import masked
from orders.events import OrderDetails
from orders.models import Order, Return


def forget(order_ids: Iterable[UUID]) -> None:
    """Blank who ordered, where it went but for the country, and what people wrote about it."""
    for order in Order.objects.select_for_update().filter(pk__in=order_ids).order_by("pk"):
        _blank_details(order)
        order.cancel_detail = order.hold_reason = order.visitor = ""
        # Made up by a caller, in which they may have put whatever they like.
        order.idempotency_key = None
        order.save()
    Return.objects.filter(order__in=order_ids).update(reason="", refusal="")


def _blank_details(order: Order) -> None:
    """Blank each part of the details that is `Personal` in its event and a column here."""
    columns = {field.name for field in Order._meta.concrete_fields}
    details = {name: getattr(order, name) for name in columns & OrderDetails.model_fields.keys()}
    for name, value in masked(OrderDetails, details).items():
        setattr(order, name, value)
