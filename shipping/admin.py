"""Shipments in the admin: to read, to hold back, to ship in parts."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from shipping import services
from shipping.errors import ShippingRefused
from shipping.forms import PartForm
from shipping.models import (
    Parcel,
    ParcelLine,
    ReturnParcel,
    SandboxParcel,
    Shipment,
    ShipmentLine,
)
from shop.bus.admin import ReadOnly


class _Inline(admin.TabularInline):
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class ShipmentLineInline(_Inline):
    model = ShipmentLine


class ParcelInline(_Inline):
    model = Parcel
    fields = ["id", "units", "packed_by", "tracking_number", "handed_over_at", "delivered_at"]
    show_change_link = True


class ReturnParcelInline(_Inline):
    model = ReturnParcel
    fields = ["id", "tracking_number", "booked_at", "expected_at", "arrived_at"]
    show_change_link = True


class ParcelLineInline(_Inline):
    model = ParcelLine


@admin.register(Shipment)
class ShipmentAdmin(ReadOnly):
    list_display = ["__str__", "state", "ordered", "shipped", "delivered", "held_by", "leaves_at"]
    list_filter = ["state", ("held_by", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["number", "email", "=order_id", "=parcels__tracking_number"]
    date_hierarchy = "created_at"
    inlines = [ShipmentLineInline, ParcelInline, ReturnParcelInline]
    actions = ["hold_back"]

    def has_ship_by_hand_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("shipping.ship_by_hand")

    @admin.action(description="Hold back, to ship in parts", permissions=["ship_by_hand"])
    def hold_back(self, request: HttpRequest, shipments: QuerySet[Shipment]) -> None:
        for shipment in shipments:
            try:
                services.hold(shipment.order_id, request.user.get_username())
            except ShippingRefused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)

    def get_urls(self) -> list[URLPattern]:
        ship = self.admin_site.admin_view(self.ship_part)
        return [
            path("<uuid:order_id>/ship/", ship, name="shipping_shipment_ship"),
            *super().get_urls(),
        ]

    def ship_part(self, request: HttpRequest, order_id: UUID) -> HttpResponse:
        """The page on which staff say what goes into the next parcel."""
        if not self.has_ship_by_hand_permission(request):
            raise PermissionDenied
        shipment = get_object_or_404(Shipment, pk=order_id)
        form = PartForm(shipment, request.POST or None)
        if form.is_valid() and form.ship(by=request.user.get_username()):
            return redirect("admin:shipping_shipment_change", order_id)
        return TemplateResponse(
            request, "admin/shipping/shipment/ship.html", self._page(request, shipment, form)
        )

    def _page(self, request: HttpRequest, shipment: Shipment, form: PartForm) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Ship a part of {shipment}",
            "shipment": shipment,
            "form": form,
        }


@admin.register(Parcel)
class ParcelAdmin(ReadOnly):
    list_display = ["__str__", "shipment", "units", "packed_at", "handed_over_at", "delivered_at"]
    list_filter = ["carrier", "handed_over_at", ("delivered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["shipment"]
    search_fields = ["tracking_number", "=id", "shipment__number", "shipment__email"]
    date_hierarchy = "packed_at"
    inlines = [ParcelLineInline]


@admin.register(ReturnParcel)
class ReturnParcelAdmin(ReadOnly):
    list_display = ["__str__", "shipment", "approved_at", "booked_at", "expected_at", "arrived_at"]
    list_filter = ["carrier", ("arrived_at", admin.EmptyFieldListFilter)]
    list_select_related = ["shipment"]
    search_fields = ["tracking_number", "=id", "shipment__number", "shipment__email"]
    date_hierarchy = "approved_at"


@admin.register(ShipmentLine)
class ShipmentLineAdmin(ReadOnly):
    list_display = ["shipment", "position", "sku", "title", "quantity", "shipped"]
    list_select_related = ["shipment"]
    search_fields = ["sku", "title", "shipment__number"]


@admin.register(ParcelLine)
class ParcelLineAdmin(ReadOnly):
    list_display = ["parcel", "line", "quantity"]
    list_select_related = ["parcel", "line"]
    search_fields = ["parcel__tracking_number", "line__sku"]


@admin.register(SandboxParcel)
class SandboxParcelAdmin(ReadOnly):
    list_display = ["tracking_number", "reference", "taken_at"]
    search_fields = ["tracking_number", "=reference"]
    date_hierarchy = "taken_at"
