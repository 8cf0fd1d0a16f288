"""Fraud in the admin: the screenings, what staff decide about them, and the block list."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.admin import ModelAdmin

from eventbus.operations.admin import ReadOnlyAdmin, bulk_redirect
from fraud.models import Blocked, Screening


@admin.register(Screening)
class ScreeningAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        "score",
        "why",
        "email",
        "amount",
        "currency",
        "decided_by",
        "placed_at",
    ]
    list_filter = ["verdict", ("decided_by", admin.EmptyFieldListFilter), "placed_at"]
    search_fields = ["=order_id", "=number", "email", "=customer_id", "=fingerprint"]
    date_hierarchy = "placed_at"
    ordering = ["-placed_at"]
    actions = ["decide_selected"]

    @admin.display(description="why")
    def why(self, row: Screening) -> str:
        return "; ".join(row.reasons)

    def view_on_site(self, row: Screening) -> str:
        """Return the order's page, with what the other apps know of it."""
        return reverse("admin:order", args=[row.order_id])

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fraud.change_screening")

    @admin.action(description="Decide: clear or refuse", permissions=["decide"])
    def decide_selected(self, request: HttpRequest, rows: QuerySet[Screening]) -> HttpResponse:
        return bulk_redirect(request, "decide", rows)


@admin.register(Blocked)
class BlockedAdmin(ModelAdmin):
    list_display = ["value", "note", "added_at"]
    list_filter = ["added_at"]
    search_fields = ["value", "note"]
    date_hierarchy = "added_at"
