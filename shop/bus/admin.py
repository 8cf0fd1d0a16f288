"""The bus in the admin: history to read, never to change."""

from django.contrib import admin
from django.http import HttpRequest

from shop.bus.models import Delivery, OutboxEvent, Redaction


class ReadOnly(admin.ModelAdmin):
    """Base of admin pages whose rows are history."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class DeliveryInline(admin.TabularInline):
    model = Delivery
    fields = readonly_fields = ("app", "reaction", "state", "attempts", "duration_ms", "closed_at")
    can_delete = False
    extra = 0


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnly):
    list_display = ["type", "subject", "stated_at", "publish_after", "published_at"]
    list_filter = ["type", "stated_at"]
    search_fields = ["=id", "=subject", "=correlation_id"]
    date_hierarchy = "stated_at"
    inlines = [DeliveryInline]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ["app", "reaction", "event", "state", "attempts", "resend_at", "closed_at"]
    list_filter = ["state", "app", "reaction"]
    search_fields = ["=event__id", "=event__subject", "error"]
    list_select_related = ["event"]


@admin.register(Redaction)
class RedactionAdmin(ReadOnly):
    list_display = ["__str__", "looks", "next_look_at"]
    fields = readonly_fields = ("subjects", "looks", "next_look_at")
