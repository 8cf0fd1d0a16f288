"""Shipments in the admin: to read, to ship, and to keep for shipping by hand."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from eventbus.operations.admin import ReadOnlyAdmin, ReadOnlyInline, bulk_redirect
from shipping.models import (
    Parcel,
    ParcelLine,
    ReturnParcel,
    SandboxParcel,
    Shipment,
    ShipmentLine,
)


class ShipmentLineInline(ReadOnlyInline):
    model = ShipmentLine


class ParcelInline(ReadOnlyInline):
    model = Parcel
    fields = ["id", "units", "packed_by", "tracking_number", "handed_over_at", "delivered_at"]
    show_change_link = True


class ReturnParcelInline(ReadOnlyInline):
    model = ReturnParcel
    fields = ["id", "tracking_number", "booked_at", "expected_at", "arrived_at"]
    show_change_link = True


class ParcelLineInline(ReadOnlyInline):
    model = ParcelLine


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "state", "ordered", "shipped", "delivered", "held_by", "leaves_at"]
    list_filter = ["state", ("held_by", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["number", "email", "=order_id", "=parcels__tracking_number"]
    date_hierarchy = "created_at"
    inlines = [ShipmentLineInline, ParcelInline, ReturnParcelInline]
    actions = ["ship_rest", "hold_back"]

    def view_on_site(self, row: Shipment) -> str:
        """Return the order's page, with what the other apps know of it."""
        return reverse("admin:order", args=[row.order_id])

    def has_ship_by_hand_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("shipping.ship_by_hand")

    @admin.action(description="Ship all that is left", permissions=["ship_by_hand"])
    def ship_rest(self, request: HttpRequest, rows: QuerySet[Shipment]) -> HttpResponse:
        return bulk_redirect(request, "ship-rest", rows)

    @admin.action(description="Keep for shipping by hand", permissions=["ship_by_hand"])
    def hold_back(self, request: HttpRequest, rows: QuerySet[Shipment]) -> HttpResponse:
        return bulk_redirect(request, "ship-by-hand", rows)


@admin.register(Parcel)
class ParcelAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "shipment", "units", "packed_at", "handed_over_at", "delivered_at"]
    list_filter = ["carrier", "handed_over_at", ("delivered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["shipment"]
    search_fields = ["tracking_number", "=id", "shipment__number", "shipment__email"]
    date_hierarchy = "packed_at"
    inlines = [ParcelLineInline]


@admin.register(ReturnParcel)
class ReturnParcelAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "shipment", "approved_at", "booked_at", "expected_at", "arrived_at"]
    list_filter = ["carrier", ("arrived_at", admin.EmptyFieldListFilter)]
    list_select_related = ["shipment"]
    search_fields = ["tracking_number", "=id", "shipment__number", "shipment__email"]
    date_hierarchy = "approved_at"


@admin.register(ShipmentLine)
class ShipmentLineAdmin(ReadOnlyAdmin):
    list_display = ["shipment", "position", "sku", "title", "quantity", "shipped"]
    list_select_related = ["shipment"]
    search_fields = ["sku", "title", "shipment__number"]


@admin.register(ParcelLine)
class ParcelLineAdmin(ReadOnlyAdmin):
    list_display = ["parcel", "line", "quantity"]
    list_select_related = ["parcel", "line"]
    search_fields = ["parcel__tracking_number", "line__sku"]


@admin.register(SandboxParcel)
class SandboxParcelAdmin(ReadOnlyAdmin):
    list_display = ["tracking_number", "reference", "taken_at"]
    search_fields = ["tracking_number", "=reference"]
    date_hierarchy = "taken_at"
