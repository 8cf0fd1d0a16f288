"""Carts and read models in the admin."""

from django.contrib import admin

from eventbus.operations.admin import ReadOnlyAdmin, ReadOnlyInline
from shop.storefront.models import (
    ApiToken,
    Cart,
    CartItem,
    OrderStatus,
    Points,
    PointsLine,
    SavedAddress,
    Tracking,
)


class CartItems(ReadOnlyInline):
    model = CartItem
    fields = ("sku", "title", "quantity", "unit_price")


@admin.register(Cart)
class CartAdmin(ReadOnlyAdmin):
    list_display = ["id", "customer_id", "email", "revision", "created_at", "ordered_at"]
    list_filter = ["created_at"]
    search_fields = ["=id", "=customer_id", "email"]
    inlines = [CartItems]


@admin.register(Points)
class PointsAdmin(ReadOnlyAdmin):
    list_display = ["customer_id", "balance", "revision"]
    search_fields = ["=customer_id"]


@admin.register(PointsLine)
class PointsLineAdmin(ReadOnlyAdmin):
    list_display = ["customer_id", "revision", "kind", "points", "balance", "at"]
    list_filter = ["kind"]
    search_fields = ["=customer_id", "=order_id"]
    date_hierarchy = "at"


@admin.register(SavedAddress)
class SavedAddressAdmin(ReadOnlyAdmin):
    list_display = ["customer_id", "name", "city", "country", "is_default"]
    search_fields = ["=customer_id"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["customer_id", "name", "prefix", "created_at", "last_used_at", "revoked_at"]
    search_fields = ["=customer_id", "prefix"]
    exclude = ["digest"]


@admin.register(OrderStatus)
class OrderStatusAdmin(ReadOnlyAdmin):
    list_display = ["order_id", "challenged_at", "answered_at", "voided_at"]
    list_filter = ["challenged_at", "voided_at"]
    search_fields = ["=order_id"]


@admin.register(Tracking)
class TrackingAdmin(ReadOnlyAdmin):
    list_display = ["number", "carrier", "order_id", "shipped_at"]
    list_filter = ["carrier"]
    search_fields = ["=number", "=order_id"]
    date_hierarchy = "shipped_at"
