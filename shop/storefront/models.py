"""What the pages need: carts, and read models of other apps' facts."""

import uuid

from django.db import models
from django.db.models import Q
from djmoney.models.fields import MoneyField
from djmoney.money import Money


class Cart(models.Model):
    """What a shopper means to buy. `revision` rises with every change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer_id = models.CharField(max_length=50, blank=True)
    email = models.EmailField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    announced = models.PositiveIntegerField(default=0, help_text="last revision stated")
    ordered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["customer_id"], name="storefront_cart_of")]

    def __str__(self) -> str:
        return f"cart {self.id}"


class CartItem(models.Model):
    """Units of one variant in a cart, at the price shown when they were put there."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="items")
    sku = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    quantity = models.PositiveIntegerField()
    unit_price: "models.Field[Money, Money]" = MoneyField(
        max_digits=14, decimal_places=2, default_currency=None
    )

    objects = models.Manager["CartItem"]()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "sku"], name="storefront_item_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="storefront_item_has_units"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"


class Availability(models.Model):
    """How many units of a SKU can be bought, as inventory last stated it."""

    sku = models.CharField(max_length=255, primary_key=True)
    available = models.IntegerField()
    revision = models.PositiveBigIntegerField()

    class Meta:
        verbose_name_plural = "availabilities"

    def __str__(self) -> str:
        return f"{self.sku}: {self.available}"


class Points(models.Model):
    """A customer's points, as loyalty last stated them."""

    customer_id = models.CharField(max_length=50, primary_key=True)
    balance = models.IntegerField()
    revision = models.PositiveBigIntegerField()

    class Meta:
        verbose_name_plural = "points"

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.balance}"


class OrderStatus(models.Model):
    """What the order page needs to know beyond the order itself, fact by fact."""

    order_id = models.UUIDField(primary_key=True, editable=False)
    challenged_at = models.DateTimeField(null=True, help_text="the bank asked for a confirmation")
    answered_at = models.DateTimeField(null=True, help_text="the shopper answered the bank")
    voided_at = models.DateTimeField(null=True, help_text="the hold on the card was released")
    cancellation_refused_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "order statuses"

    def __str__(self) -> str:
        return f"status of order {self.order_id}"


class Tracking(models.Model):
    """A parcel on its way, and the number under which its carrier knows it."""

    parcel_id = models.UUIDField(primary_key=True, editable=False)
    order_id = models.UUIDField(db_index=True)
    carrier = models.CharField(max_length=100)
    number = models.CharField(max_length=100)
    shipped_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "tracking"
        ordering = ["shipped_at"]

    def __str__(self) -> str:
        return f"{self.carrier} {self.number}"
