"""Promotions and tax rates in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from pricing.models import Promotion, Redemption, TaxRate, TaxZone


@admin.register(Promotion)
class PromotionAdmin(ModelAdmin):
    list_display = ["code", "kind", "value", "starts_at", "ends_at", "used", "limit", "active"]
    list_filter = ["active", "kind"]
    search_fields = ["code"]
    date_hierarchy = "starts_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Promotion]:
        used = Count("redemptions", filter=Q(redemptions__released_at=None))
        return super().get_queryset(request).annotate(used=used)

    @admin.display(ordering="used")
    def used(self, promotion: Any) -> int:
        """Count the orders with it, without those that were cancelled."""
        return promotion.used


@admin.register(Redemption)
class RedemptionAdmin(ModelAdmin):
    """Who used what; written by the checkout alone."""

    list_display = ["order_id", "promotion", "customer_id", "email", "redeemed_at", "released_at"]
    list_filter = ["promotion", ("released_at", admin.EmptyFieldListFilter)]
    list_select_related = ["promotion"]
    search_fields = ["=order_id", "customer_id", "email", "promotion__code"]
    date_hierarchy = "redeemed_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TaxRateInline(TabularInline):
    model = TaxRate
    extra = 0


@admin.register(TaxZone)
class TaxZoneAdmin(ModelAdmin):
    list_display = ["__str__", "included", "rates_in_words"]
    list_filter = ["included"]
    search_fields = ["country", "region"]
    inlines = [TaxRateInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaxZone]:
        return super().get_queryset(request).prefetch_related("rates")

    @admin.display(description="rates")
    def rates_in_words(self, zone: TaxZone) -> str:
        return ", ".join(
            f"{rate.get_tax_class_display()} {rate.plain} %" for rate in zone.rates.all()
        )
