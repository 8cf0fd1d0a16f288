"""Stock for staff: put a count right with a reason; everything else is to read."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from eventbus.operations.admin import ReadOnlyAdmin, ReadOnlyInline
from inventory.models import MOST_UNITS, Movement, Receipt, ReservationLine, Stock, StockReservation
from inventory.services import adjust_stock

STOCK = ("sku", "on_hand", "reserved", "sold", "received", "selling", "revision")
LINE_FIELDS = ("sku", "quantity", "shipped", "returned", "tracked")


class LowStock(admin.SimpleListFilter):
    title = "availability"
    parameter_name = "availability"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", "none left"), ("low", f"low (up to {settings.LOW_STOCK})")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Stock]) -> QuerySet[Stock]:
        limits = {"none": 0, "low": settings.LOW_STOCK}
        if (value := self.value()) in limits:
            counted = queryset.filter(selling__in=Stock.COUNTED)
            return counted.filter(on_hand__lte=limits[value])
        return queryset


class AdjustmentForm(forms.ModelForm):
    delta = forms.IntegerField(
        label="Adjust by",
        required=False,
        min_value=-MOST_UNITS,
        max_value=MOST_UNITS,
        help_text="units found (above 0) or missing (below 0)",
        widget=UnfoldAdminIntegerFieldWidget,
    )
    reason = forms.CharField(max_length=255, required=False, widget=UnfoldAdminTextInputWidget)
    #: the page's own: saved twice, it is one adjustment
    change_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    class Meta:
        model = Stock
        fields: list[str] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        delta = data.get("delta") or 0
        if delta and not data.get("reason"):
            self.add_error("reason", "Say why the count changes.")
        # Locked, so that what is free now still is when the adjustment is booked.
        stock = Stock.objects.select_for_update().get(pk=self.instance.pk)
        if stock.lacks(-delta):
            only = f"Only {max(stock.on_hand, 0)} are free; what is promised to orders stays."
            self.add_error("delta", only)
        if stock.received + delta > MOST_UNITS:
            self.add_error("delta", f"More than {MOST_UNITS} units cannot be counted.")
        return data


@admin.register(Stock)
class StockAdmin(ModelAdmin):
    #: its form books a movement, which says who and why
    log_changes = False
    form = AdjustmentForm
    list_display = STOCK
    list_filter = [LowStock]
    search_fields = ["sku"]
    readonly_fields = STOCK
    fields = [*STOCK, "delta", "reason", "change_id"]

    def view_on_site(self, stock: Stock) -> str:
        """Return its movements, promises and sales."""
        return f"{reverse('admin:stock')}?{urlencode({'sku': stock.sku})}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Stock | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Stock, form: AdjustmentForm, change: bool
    ) -> None:
        """Book the adjustment under the name of who made it."""
        said = form.cleaned_data
        if said["delta"]:
            by = request.user.get_username()
            adjust_stock(obj.sku, said["delta"], said["reason"], by, change_id=said["change_id"])


class ReservationLineInline(ReadOnlyInline):
    model = ReservationLine
    fields = LINE_FIELDS


@admin.register(StockReservation)
class StockReservationAdmin(ReadOnlyAdmin):
    list_display = ["order_id", "state", "created_at", "changed_at"]
    list_filter = ["state"]
    search_fields = ["=order_id", "=lines__sku"]
    date_hierarchy = "created_at"
    inlines = [ReservationLineInline]


@admin.register(ReservationLine)
class ReservationLineAdmin(ReadOnlyAdmin):
    list_display = ["reservation_id", *LINE_FIELDS]
    list_filter = ["reservation__state"]
    search_fields = ["=reservation__order_id", "=sku"]


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin):
    list_display = ["at", "sku", "kind", "quantity", "reason", "by", "order_id"]
    list_filter = ["kind"]
    search_fields = ["=sku", "=order_id", "=change_id", "reason"]
    date_hierarchy = "at"


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    list_display = ["reference", "change_id", "at"]
    search_fields = ["reference", "=change_id"]
    date_hierarchy = "at"
