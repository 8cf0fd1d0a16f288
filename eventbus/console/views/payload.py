"""The page of an event's payload."""

from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from eventbus.console.views.access import may_see_personal, operators_only
from eventbus.console.views.page import render
from eventbus.delivery.models import OutboxEvent
from eventbus.operations.masking import shown_data


@operators_only("GET")
def payload_page(request: HttpRequest, id) -> HttpResponse:
    row = get_object_or_404(OutboxEvent, pk=id)
    personal = may_see_personal(request)
    payload = shown_data(row.type, row.version, row.data, personal=personal)
    context = {"row": row, "payload": payload, "personal": personal, "origin": _origin(row)}
    return render(request, "console/story/payload.html", context)


def _origin(row: OutboxEvent) -> Any:
    """Return by which source and id a foreign system stated an event; None for one of ours."""
    if not apps.is_installed("eventbus.inbound"):
        return None
    return apps.get_model("eventbus_inbound", "InboundEvent").objects.filter(pk=row.pk).first()
