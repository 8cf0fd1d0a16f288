"""Billing in the admin: every charge to read. Money is given back on the order's page."""

from django.contrib import admin
from django.urls import reverse

from billing.models import (
    Charge,
    Difference,
    Dispute,
    Invoice,
    OrderSnapshot,
    Reconciliation,
    Refund,
    SandboxOperation,
    StripeNotice,
)
from eventbus.operations.admin import ReadOnlyAdmin, ReadOnlyInline


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = ("reference", "amount", "state", "reason", "opened_at", "done_at")


@admin.register(Charge)
class ChargeAdmin(ReadOnlyAdmin):
    list_display = [
        "number",
        "email",
        "state",
        "amount",
        "captured",
        "refunded",
        "currency",
        "points",
        "attempt",
        "decline_code",
    ]
    list_filter = ["state", "stock_reserved", "cleared", "cancellation", "placed_at"]
    search_fields = ["=order_id", "=payment_id", "=number", "email", "=authorization"]
    date_hierarchy = "placed_at"
    ordering = ["-created_at"]
    inlines = [RefundInline]

    def view_on_site(self, row: Charge) -> str:
        """Return the order's page, with what the other apps know of it."""
        return reverse("admin:order", args=[row.order_id])


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ["reference", "charge", "amount", "state", "reason", "opened_at", "done_at"]
    list_filter = ["state", "opened_at"]
    search_fields = ["=id", "=charge__order_id", "=charge__number", "reference"]
    date_hierarchy = "opened_at"
    list_select_related = ["charge"]


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    list_display = ["reference", "charge", "amount", "state", "reason", "opened_at", "closed_at"]
    list_filter = ["state", ("closed_at", admin.EmptyFieldListFilter), "opened_at"]
    search_fields = ["=reference", "=charge__order_id", "=charge__number"]
    date_hierarchy = "opened_at"
    list_select_related = ["charge"]


@admin.register(Difference)
class DifferenceAdmin(ReadOnlyAdmin):
    """Where the processor's books and ours differ; what is settled stays as history."""

    list_display = ["charge", "kind", "ours", "theirs", "found_at", "seen_on", "settled_at"]
    list_filter = ["kind", ("settled_at", admin.EmptyFieldListFilter)]
    search_fields = ["=authorization", "=charge__order_id", "=charge__number"]
    date_hierarchy = "found_at"
    list_select_related = ["charge"]


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    list_display = ["day", "compared", "differing", "begun_at", "ended_at"]
    date_hierarchy = "day"
    ordering = ["-day"]


@admin.register(OrderSnapshot)
class OrderSnapshotAdmin(ReadOnlyAdmin):
    list_display = ["order_id", "language"]
    list_filter = ["language"]
    search_fields = ["=order_id"]


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    list_display = ["number", "charge", "total", "currency", "issued_at"]
    list_filter = ["issued_at"]
    search_fields = ["=id", "=charge__order_id", "=charge__number"]
    date_hierarchy = "issued_at"
    list_select_related = ["charge"]


@admin.register(SandboxOperation)
class SandboxOperationAdmin(ReadOnlyAdmin):
    list_display = ["key", "kind", "amount", "outcome", "code", "outages", "asked_at"]
    list_filter = ["kind", "outcome", "asked_at"]
    search_fields = ["key", "=authorization", "=reference"]
    date_hierarchy = "asked_at"


@admin.register(StripeNotice)
class StripeNoticeAdmin(ReadOnlyAdmin):
    list_display = ["event_id", "kind", "order_id", "reference", "received_at"]
    list_filter = ["kind", "received_at"]
    search_fields = ["=event_id", "=order_id", "=reference"]
    date_hierarchy = "received_at"
