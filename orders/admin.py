"""Orders in the admin, and what staff decide about returns."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from import_export.admin import ExportMixin
from unfold.contrib.import_export.forms import ExportForm

from eventbus.operations.admin import ReadOnlyAdmin, ReadOnlyInline, bulk_redirect
from orders import services
from orders.models import Order, Return, ReturnLine
from orders.resources import OrderResource


class ReturnLines(ReadOnlyInline):
    model = ReturnLine
    fields = ["order_line", "quantity", "amount", "points"]


class Progress(admin.SimpleListFilter):
    title = "progress"
    parameter_name = "progress"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("stuck", "stuck"), ("held", "on hold")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        wanted = {"stuck": services.stuck, "held": services.held}
        if (value := self.value()) in wanted:
            return queryset.filter(pk__in=wanted[value]())
        return queryset


@admin.register(Order)
class OrderAdmin(ExportMixin, ReadOnlyAdmin):
    export_form_class = ExportForm
    resource_classes = [OrderResource]
    list_display = ["number", "state", "customer_id", "email", "total", "placed_at", "ended_at"]
    list_filter = [
        Progress,
        "state",
        "cancel_reason",
        ("payment_failed_at", admin.EmptyFieldListFilter),
        "promotion",
        "placed_at",
    ]
    search_fields = ["=number", "=reference", "=customer_id", "email", "=id"]
    date_hierarchy = "placed_at"
    ordering = ["-placed_at"]

    actions = ["hold_selected", "release_selected", "cancel_selected"]

    def has_hold_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.hold_order")

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.cancel_order")

    @admin.action(description="Hold", permissions=["hold"])
    def hold_selected(self, request: HttpRequest, orders: QuerySet[Order]) -> HttpResponse:
        return bulk_redirect(request, "hold", orders)

    @admin.action(description="Release", permissions=["hold"])
    def release_selected(self, request: HttpRequest, orders: QuerySet[Order]) -> HttpResponse:
        return bulk_redirect(request, "release", orders)

    @admin.action(description="Cancel", permissions=["cancel"])
    def cancel_selected(self, request: HttpRequest, orders: QuerySet[Order]) -> HttpResponse:
        return bulk_redirect(request, "cancel", orders)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        """Show an order with everything that other apps know of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        order = self.get_object(request, object_id)
        if order is None:
            return super().change_view(request, object_id, *args, **kwargs)
        return redirect("admin:order", order.pk)


@admin.register(Return)
class ReturnAdmin(ReadOnlyAdmin):
    list_display = ["order", "state", "reason", "requested_at", "decided_by", "received_at"]
    list_filter = ["state", "requested_at"]
    search_fields = ["=order__number", "=id"]
    list_select_related = ["order"]
    inlines = [ReturnLines]
    actions = ["approve_selected", "refuse_selected"]

    def view_on_site(self, row: Return) -> str:
        """Return the order's page, with what the other apps know of it."""
        return reverse("admin:order", args=[row.order_id])

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_return")

    @admin.action(description="Approve: the goods may come back", permissions=["decide"])
    def approve_selected(self, request: HttpRequest, returns: QuerySet[Return]) -> HttpResponse:
        return bulk_redirect(request, "approve-return", returns)

    @admin.action(description="Refuse: the goods are not taken back", permissions=["decide"])
    def refuse_selected(self, request: HttpRequest, returns: QuerySet[Return]) -> HttpResponse:
        return bulk_redirect(request, "refuse-return", returns)
