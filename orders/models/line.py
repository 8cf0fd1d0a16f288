"""A line of an order."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from djmoney.models.fields import MoneyField
from djmoney.money import Money

from orders.models.order import Order


class OrderLine(models.Model):
    """Units of one product on an order, at the price of that day."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    sku = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    quantity = models.PositiveIntegerField()
    closed = models.PositiveIntegerField(
        default=0, db_default=0, help_text="units that will not come"
    )
    closed_amount = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        help_text="what these were paid with in money",
    )
    closed_points = models.PositiveBigIntegerField(
        default=0, db_default=0, help_text="what these were paid with in points"
    )
    unit_price: "models.Field[Money, Money]" = MoneyField(
        max_digits=14, decimal_places=2, default_currency=None
    )
    discount = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), help_text="off the whole line"
    )
    tax_rate = models.DecimalField(
        max_digits=6, decimal_places=3, default=Decimal(0), help_text="percent"
    )
    tax = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), help_text="of the whole line"
    )
    requires_shipping = models.BooleanField(default=True, db_default=True)

    objects = models.Manager["OrderLine"]()

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["order", "line"], name="orders_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_line_has_units"),
            models.CheckConstraint(
                condition=Q(closed__lte=F("quantity")), name="orders_line_closed_within"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"
