"""The figures, to be read."""

from django.contrib import admin

from analytics.models import Cart, Figure
from eventbus.operations.admin import ReadOnlyAdmin


@admin.register(Figure)
class FigureAdmin(ReadOnlyAdmin):
    list_display = ["start", "granularity", "name", "dimension", "value", "currency"]
    list_filter = ["granularity", "name", "currency"]
    search_fields = ["dimension"]
    date_hierarchy = "start"


@admin.register(Cart)
class CartAdmin(ReadOnlyAdmin):
    list_display = ["cart_id", "begun_at"]
    search_fields = ["=cart_id"]
    date_hierarchy = "begun_at"
