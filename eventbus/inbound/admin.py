"""What came from foreign systems in the admin: to read."""

from django.contrib import admin

from eventbus.inbound.models import InboundEvent, RejectedEvent
from eventbus.operations.admin import ReadOnlyAdmin
from eventbus.operations.admin_lists import CappedPaginator


@admin.register(InboundEvent)
class InboundEventAdmin(ReadOnlyAdmin):
    list_display = ["source", "foreign_id", "event_id", "stated_at", "accepted_at"]
    search_fields = ["=foreign_id", "=event_id"]
    ordering = ["-event_id"]
    paginator, show_full_result_count = CappedPaginator, False


@admin.register(RejectedEvent)
class RejectedEventAdmin(ReadOnlyAdmin):
    """Their content is not shown: nobody knows what in it tells of people."""

    list_display = ["last_at", "count", "via", "source", "foreign_id", "type", "reason"]
    list_filter = ["via"]
    search_fields = ["=foreign_id", "=source", "=type"]
    ordering = ["-last_at"]
    exclude = ["content"]
    paginator, show_full_result_count = CappedPaginator, False
