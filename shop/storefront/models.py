"""What the pages need: carts, and read models of other apps' facts."""

import uuid

from django.db import models
from django.db.models import Q
from djmoney.models.fields import MoneyField


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
    sku = models.CharField(max_length=100)
    title = models.CharField(max_length=255)
    quantity = models.PositiveIntegerField()
    unit_price = MoneyField(max_digits=14, decimal_places=2, default_currency=None)

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

    sku = models.CharField(max_length=100, primary_key=True)
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
