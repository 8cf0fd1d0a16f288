"""Orders in the admin, and what staff decide about returns."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from import_export.admin import ExportMixin
from unfold.contrib.import_export.forms import ExportForm
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminTextInputWidget

from orders import services
from orders.errors import OrderRefusal
from orders.models import Order, Return, ReturnLine
from orders.resources import OrderResource
from shop.bus.admin import ReadOnly, Rows


class WhyForm(ActionForm):
    why = forms.CharField(
        required=False,
        max_length=200,
        label="why (when refusing)",
        widget=UnfoldAdminTextInputWidget,
    )


class ReturnLines(Rows):
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


#: As many as an address has room for, and people look through.
MOST_IN_BULK = 100


def _in_bulk(name: str, orders: QuerySet[Order]) -> HttpResponse:
    """To the page that asks what is needed, and does it order by order."""
    ids = orders.values_list("pk", flat=True)[:MOST_IN_BULK]
    chosen = urlencode([("order", id) for id in ids])
    return redirect(f"{reverse('admin:bulk_new', args=[name])}?{chosen}")


@admin.register(Order)
class OrderAdmin(ExportMixin, ReadOnly):
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
        return _in_bulk("hold", orders)

    @admin.action(description="Release", permissions=["hold"])
    def release_selected(self, request: HttpRequest, orders: QuerySet[Order]) -> HttpResponse:
        return _in_bulk("release", orders)

    @admin.action(description="Cancel", permissions=["cancel"])
    def cancel_selected(self, request: HttpRequest, orders: QuerySet[Order]) -> HttpResponse:
        return _in_bulk("cancel", orders)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        """Staff look at an order with everything that other apps know of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        order = self.get_object(request, object_id)
        if order is None:
            return super().change_view(request, object_id, *args, **kwargs)
        return redirect("admin:order", order.pk)


@admin.register(Return)
class ReturnAdmin(ReadOnly):
    list_display = ["order", "state", "reason", "requested_at", "decided_by", "received_at"]
    list_filter = ["state", "requested_at"]
    search_fields = ["=order__number", "=id"]
    list_select_related = ["order"]
    inlines = [ReturnLines]
    action_form = WhyForm
    actions = ["approve_selected", "refuse_selected"]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_return")

    @admin.action(description="Approve: the goods may come back", permissions=["decide"])
    def approve_selected(self, request: HttpRequest, returns: QuerySet[Return]) -> None:
        decide = partial(services.approve_return, by=request.user.get_username())
        self._decide(request, "Approved", returns, decide)

    @admin.action(description="Refuse: the goods are not taken back", permissions=["decide"])
    def refuse_selected(self, request: HttpRequest, returns: QuerySet[Return]) -> None:
        by, why = request.user.get_username(), request.POST.get("why", "")
        decide = partial(services.refuse_return, by=by, reason=why)
        self._decide(request, "Refused", returns, decide)

    def _decide(
        self,
        request: HttpRequest,
        done: str,
        returns: QuerySet[Return],
        decide: Callable[[UUID], None],
    ) -> None:
        for back in returns:
            try:
                decide(back.id)
            except OrderRefusal as refusal:
                self.message_user(request, f"Not decided: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{done}: {back}")
