"""Points for staff: all of it is history, to be read."""

from django.contrib import admin

from eventbus.operations.admin import ReadOnlyAdmin, ReadOnlyInline
from loyalty.models import Account, OrderPoints, PointsEntry

ENTRY = ("at", "kind", "points", "balance", "revision", "order_id")


class EntryInline(ReadOnlyInline):
    model = PointsEntry
    fields = ENTRY


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ["customer_id", "balance", "revision", "opened_at"]
    search_fields = ["=customer_id"]
    date_hierarchy = "opened_at"
    inlines = [EntryInline]


@admin.register(PointsEntry)
class PointsEntryAdmin(ReadOnlyAdmin):
    list_display = ["account_id", *ENTRY]
    list_filter = ["kind"]
    search_fields = ["=account__customer_id", "=order_id", "=event_id"]
    date_hierarchy = "at"


@admin.register(OrderPoints)
class OrderPointsAdmin(ReadOnlyAdmin):
    list_display = [
        "order_id",
        "customer_id",
        "billed",
        "refunded",
        "cancelled",
        "points",
        "owed",
        "redeemed",
        "returned",
    ]
    list_filter = ["cancelled"]
    search_fields = ["=order_id", "=customer_id"]
    date_hierarchy = "created_at"
