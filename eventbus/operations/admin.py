"""The bus in the admin: history to read, never to change; and what apps' admins build on."""

from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.module_loading import import_string

from eventbus.conf import conf
from eventbus.delivery.models import Delivery, OperatorAction, OutboxEvent
from eventbus.operations.admin_lists import ByApp, ByReaction, ByType, CappedPaginator
from eventbus.operations.masking import shown_data, shown_error
from eventbus.operations.models import RejectedMessage

ModelAdmin: Any = import_string(conf.MODEL_ADMIN)
TabularInline: Any = import_string(conf.INLINE_ADMIN)

#: As many as an address has room for, and people look through.
MAX_BULK = 100


class TimelineEntry(NamedTuple):
    """What an app adds to the timeline of an order, from a function `timeline(order_id)` of its
    admin module; what it did as a reaction to events is there already.
    """

    at: datetime
    #: who did it: an app, or somebody of the staff
    actor: str
    text: str


class ReadOnlyInline(TabularInline):
    """Base of rows that are shown on another row's page."""

    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class ReadOnlyAdmin(ModelAdmin):
    """Base of admin pages whose rows are history."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def bulk_redirect(request: HttpRequest, name: str, chosen: QuerySet[Any]) -> HttpResponse:
    """Redirect to the page that carries out an action of staff row by row."""
    if (count := chosen.count()) > MAX_BULK:
        messages.warning(request, f"These are the first {MAX_BULK} of the {count} you chose.")
    ids = chosen.values_list("pk", flat=True)[:MAX_BULK]
    return redirect(
        f"{reverse('admin:bulk_new', args=[name])}?{urlencode([('of', i) for i in ids])}"
    )


class DeliveryInline(ReadOnlyInline):
    model = Delivery
    fields = ("app", "reaction", "state", "attempts", "duration_ms", "closed_at")


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    list_display = ["type", "subject", "occurred_at", "publish_after", "published_at"]
    list_filter = [ByType]
    search_fields = ["=id", "=subject", "=correlation_id"]
    paginator, show_full_result_count = CappedPaginator, False
    exclude = ["data"]
    inlines = [DeliveryInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        in_full = request.user.has_perm("eventbus.see_personal")
        return ["data_in_full" if in_full else "data_masked"]

    @admin.display(description="data")
    def data_in_full(self, row: OutboxEvent) -> str:
        return _pretty(row, personal=True)

    @admin.display(description="data, without what tells of people")
    def data_masked(self, row: OutboxEvent) -> str:
        return _pretty(row, personal=False)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["app", "reaction", "event", "state", "attempts", "resend_at", "closed_at"]
    list_filter = ["state", ByApp, ByReaction]
    paginator, show_full_result_count = CappedPaginator, False
    search_fields = ["=event__id", "=event__subject"]
    list_select_related = ["event"]
    exclude = ["error"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        in_full = request.user.has_perm("eventbus.see_personal")
        return ["error_in_full" if in_full else "error_masked"]

    @admin.display(description="error")
    def error_in_full(self, row: Delivery) -> str:
        return format_html("<pre>{}</pre>", row.error)

    @admin.display(description="error, without what tells of people")
    def error_masked(self, row: Delivery) -> str:
        return format_html("<pre>{}</pre>", shown_error(row, personal=False))


@admin.register(OperatorAction)
class OperatorActionAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "kind", "app", "reaction", "reason"]
    list_filter = ["kind", "app"]
    search_fields = ["by", "reason"]
    date_hierarchy = "at"


@admin.register(RejectedMessage)
class RejectedMessageAdmin(ReadOnlyAdmin):
    list_display = ["app", "reason", "count", "last_task", "first_at", "last_at"]
    list_filter = ["app"]


def _pretty(row: OutboxEvent, *, personal: bool) -> str:
    shown = shown_data(row.type, row.version, row.data, personal=personal)
    return format_html("<pre>{}</pre>", shown)
