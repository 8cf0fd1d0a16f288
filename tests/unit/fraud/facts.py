"""Facts about orders, as the other apps emit them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from fraud.models import Screening
from orders.events import Card, OrderCancelled, OrderPlaced
from tests.builders import order_placed

WHO = {"number": "S-1001", "customer_id": "7", "email": "ada@example.com"}


def placed(
    order_id: UUID | None = None,
    *,
    total: str = "20.00",
    card: str | None = "ada-visa",
    card_country: str = "GB",
    ago: timedelta = timedelta(0),
    **who: Any,
) -> OrderPlaced:
    """An order of Ada's, like all her others unless something is said."""
    return order_placed(
        order_id=order_id or uuid4(),
        total=Decimal(total),
        card=card and Card(token="tok", fingerprint=card, last4="4242", country=card_country),
        placed_at=timezone.now() - ago,
        **WHO | who,
    )


def cancelled(order_id: UUID) -> OrderCancelled:
    return OrderCancelled(
        order_id=order_id,
        reason="customer",
        detail="",
        total=Decimal("20.00"),
        currency="EUR",
        lines=(),
        **WHO,
    )


def screening_of(order_id: UUID) -> Screening:
    return Screening.objects.get(pk=order_id)
