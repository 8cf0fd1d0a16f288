"""Carts and read models in the admin."""

from django.contrib import admin

from shop.bus.admin import ReadOnly
from shop.storefront.models import Availability, Cart, CartItem, Points


class CartItems(admin.TabularInline):
    model = CartItem
    can_delete = False
    extra = 0
    fields = ["sku", "title", "quantity", "unit_price"]
    readonly_fields = fields

    def has_add_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Cart)
class CartAdmin(ReadOnly):
    list_display = ["id", "customer_id", "email", "revision", "created_at", "ordered_at"]
    list_filter = ["created_at"]
    search_fields = ["=id", "=customer_id", "email"]
    inlines = [CartItems]


@admin.register(Availability)
class AvailabilityAdmin(ReadOnly):
    list_display = ["sku", "available", "revision"]
    search_fields = ["sku"]


@admin.register(Points)
class PointsAdmin(ReadOnly):
    list_display = ["customer_id", "balance", "revision"]
    search_fields = ["=customer_id"]
