"""Orders in the admin."""

from django.contrib import admin

from orders.models import Order, OrderLine, Return, ReturnLine
from shop.bus.admin import ReadOnly


class _Rows(admin.TabularInline):
    can_delete = False
    extra = 0

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


class OrderLines(_Rows):
    model = OrderLine
    fields = ["line", "sku", "title", "quantity", "unit_price"]


class ReturnLines(_Rows):
    model = ReturnLine
    fields = ["order_line", "quantity"]


@admin.register(Order)
class OrderAdmin(ReadOnly):
    list_display = ["number", "state", "customer_id", "email", "total", "placed_at", "ended_at"]
    list_filter = ["state", "cancel_reason", "placed_at"]
    search_fields = ["=number", "=reference", "=customer_id", "email", "=id"]
    date_hierarchy = "placed_at"
    inlines = [OrderLines]


@admin.register(Return)
class ReturnAdmin(ReadOnly):
    list_display = ["order", "state", "reason", "requested_at", "received_at"]
    list_filter = ["state"]
    search_fields = ["=order__number"]
    list_select_related = ["order"]
    inlines = [ReturnLines]
