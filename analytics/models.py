"""The tables of analytics: figures by hour and by day."""

from django.db import models
from django.db.models import Q

from eventbus import projection


class Granularity(models.TextChoices):
    HOUR = "hour"
    DAY = "day"


class Name(models.TextChoices):
    """What is counted. Money is kept by currency; for counts the currency is empty."""

    EVENTS = "events", "events, by type"
    FUNNEL = "funnel", "carts and orders, by step"
    ORDERS = "orders", "orders placed"
    ORDER_VALUE = "order_value", "value of the orders placed"
    UNITS_ORDERED = "units_ordered", "units ordered"
    UNITS_SHIPPED = "units_shipped", "units shipped"
    PRODUCT_UNITS = "product_units", "units ordered, by SKU"
    PRODUCT_VALUE = "product_value", "value ordered, by SKU"
    REVENUE = "revenue", "revenue billed"
    PAYMENTS = "payments", "money taken"
    REFUNDS = "refunds", "refunds made"
    REFUNDED = "refunded", "money given back"
    DISPUTES = "disputes", "payments disputed"
    CANCELLED = "cancelled", "orders cancelled, by reason"
    REGISTRATIONS = "registrations", "accounts opened"


class Step(models.TextChoices):
    """The way from a cart to a completed order; a dimension of the funnel."""

    CART = "cart", "cart begun"
    PLACED = "placed", "order placed"
    AUTHORIZED = "authorized", "payment authorised"
    BILLED = "billed", "billed"
    SHIPPED = "shipped", "shipped in full"
    DELIVERED = "delivered", "delivered in full"
    COMPLETED = "completed", "completed"


@projection
class Figure(models.Model):
    """How much of something there was in one hour or day (UTC)."""

    granularity = models.CharField(max_length=4, choices=Granularity)
    start = models.DateTimeField(help_text="start of the hour or day, UTC")
    name = models.CharField(max_length=20, choices=Name)
    dimension = models.CharField(max_length=255, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    value = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta:
        ordering = ["-start", "granularity", "name", "dimension", "currency"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "granularity", "start", "dimension", "currency"],
                name="figure_once",
            ),
            models.CheckConstraint(
                condition=Q(granularity__in=Granularity), name="figure_granularity"
            ),
        ]
        indexes = [models.Index(fields=["start"], name="figure_start")]

    def __str__(self) -> str:
        return f"{self.name} {self.dimension} {self.value} {self.currency}".strip()


@projection
class Cart(models.Model):
    """A cart that has been counted, and when it was begun as far as we know."""

    cart_id = models.UUIDField(primary_key=True)
    begun_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["begun_at"], name="cart_begun")]

    def __str__(self) -> str:
        return str(self.cart_id)
