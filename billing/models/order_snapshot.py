"""What was bought, kept for the invoice."""

from datetime import datetime
from decimal import Decimal

from django.db import models
from pydantic import BaseModel

from orders.events import Address, OrderLine, OrderPlaced, Tax


class Ordered(BaseModel, frozen=True):
    """An order as its invoice shows it; see `OrderPlaced`."""

    number: str
    lines: tuple[OrderLine, ...]
    shipping_cost: Decimal
    discount: Decimal
    promotion: str | None
    tax: Decimal
    tax_included: bool
    taxes: tuple[Tax, ...]
    points: int
    points_value: Decimal
    total: Decimal
    currency: str
    ship_to: Address
    placed_at: datetime


class OrderSnapshot(models.Model):
    """An order as it was placed. The row is written once."""

    order_id = models.UUIDField(primary_key=True)
    language = models.CharField(max_length=10, help_text="the invoice's, ISO 639-1")
    details = models.JSONField(help_text="see `Ordered`")

    def __str__(self) -> str:
        return str(self.order_id)

    @classmethod
    def keep(cls, order: OrderPlaced) -> None:
        """Note what was ordered; a second time changes nothing."""
        details = order.model_dump(mode="json", include=set(Ordered.model_fields))
        row = OrderSnapshot(order_id=order.order_id, language=order.language, details=details)
        OrderSnapshot.objects.bulk_create([row], ignore_conflicts=True)

    @property
    def ordered(self) -> Ordered:
        return Ordered.model_validate(self.details)
