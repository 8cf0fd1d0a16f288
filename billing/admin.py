"""Billing in the admin: every charge to read, and money to give back."""

from decimal import Decimal
from uuid import UUID, uuid4

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest

from billing import services
from billing.errors import BillingRefused
from billing.models import Charge, Invoice, Purchase, Refund, SandboxOperation, StripeNotice
from shop.bus.admin import ReadOnly


class RefundFields(forms.Form):
    """What staff say about a refund; the page's own reference makes a double click harmless."""

    amount = forms.DecimalField(required=False, help_text="empty: everything that is left")
    reason = forms.CharField(required=False, max_length=200)
    reference = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class RefundActionForm(RefundFields, ActionForm):
    field_order = ["action"]


class RefundInline(admin.TabularInline):
    model = Refund
    fields = ("reference", "amount", "state", "reason", "opened_at", "done_at")
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Charge)
class ChargeAdmin(ReadOnly):
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
    action_form = RefundActionForm
    actions = ["refund_selected"]

    def has_refund_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("billing.change_charge")

    @admin.action(description="Refund", permissions=["refund"])
    def refund_selected(self, request: HttpRequest, charges: QuerySet[Charge]) -> None:
        form = RefundFields(request.POST)
        if not form.is_valid():
            self.message_user(request, f"Not refunded: {form.errors.as_text()}", messages.ERROR)
            return
        for charge in charges:
            self._refund(request, charge, **form.cleaned_data)

    def _refund(
        self,
        request: HttpRequest,
        charge: Charge,
        amount: Decimal | None,
        reason: str,
        reference: UUID,
    ) -> None:
        said = reason or f"refunded by {request.user.get_username()}"
        amount = charge.refundable if amount is None else amount
        try:
            services.refund(charge.pk, amount, said, f"{reference}:{charge.pk}")
        except BillingRefused as refusal:
            self.message_user(request, f"Not refunded: {refusal}", messages.ERROR)
        else:
            self.message_user(
                request, f"{charge.number}: {amount} {charge.currency} is going back."
            )


@admin.register(Refund)
class RefundAdmin(ReadOnly):
    list_display = ["reference", "charge", "amount", "state", "reason", "opened_at", "done_at"]
    list_filter = ["state", "opened_at"]
    search_fields = ["=id", "=charge__order_id", "=charge__number", "reference"]
    date_hierarchy = "opened_at"
    list_select_related = ["charge"]


@admin.register(Purchase)
class PurchaseAdmin(ReadOnly):
    list_display = ["order_id", "language"]
    list_filter = ["language"]
    search_fields = ["=order_id"]


@admin.register(Invoice)
class InvoiceAdmin(ReadOnly):
    list_display = ["number", "charge", "total", "currency", "issued_at"]
    list_filter = ["issued_at"]
    search_fields = ["=id", "=charge__order_id", "=charge__number"]
    date_hierarchy = "issued_at"
    list_select_related = ["charge"]


@admin.register(SandboxOperation)
class SandboxOperationAdmin(ReadOnly):
    list_display = ["key", "kind", "amount", "outcome", "code", "outages", "asked_at"]
    list_filter = ["kind", "outcome", "asked_at"]
    search_fields = ["key", "=authorization", "=reference"]
    date_hierarchy = "asked_at"


@admin.register(StripeNotice)
class StripeNoticeAdmin(ReadOnly):
    list_display = ["event_id", "kind", "order_id", "session", "received_at"]
    list_filter = ["kind", "received_at"]
    search_fields = ["=event_id", "=order_id", "=session"]
    date_hierarchy = "received_at"
