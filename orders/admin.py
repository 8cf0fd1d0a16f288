"""Orders in the admin, and what staff decide about returns."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest

from orders import services
from orders.errors import OrderRefusal
from orders.models import Order, OrderLine, Return, ReturnLine
from shop.bus.admin import ReadOnly


class WhyForm(ActionForm):
    why = forms.CharField(required=False, max_length=200, label="why (when refusing)")


class _Rows(admin.TabularInline):
    can_delete = False
    extra = 0

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


class OrderLines(_Rows):
    model = OrderLine
    fields = ["line", "sku", "title", "quantity", "unit_price", "discount", "tax_rate", "tax"]


class ReturnLines(_Rows):
    model = ReturnLine
    fields = ["order_line", "quantity", "amount", "points"]


class Returns(_Rows):
    model = Return
    fields = ["state", "reason", "requested_at", "decided_at", "decided_by", "received_at"]
    show_change_link = True


@admin.register(Order)
class OrderAdmin(ReadOnly):
    list_display = ["number", "state", "customer_id", "email", "total", "placed_at", "ended_at"]
    list_filter = [
        "state",
        "cancel_reason",
        ("payment_failed_at", admin.EmptyFieldListFilter),
        "promotion",
        "placed_at",
    ]
    search_fields = ["=number", "=reference", "=customer_id", "email", "=id"]
    date_hierarchy = "placed_at"
    inlines = [OrderLines, Returns]


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
