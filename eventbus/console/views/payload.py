"""The page of an event's payload."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from eventbus.console.views.access import may_see_personal, operators_only
from eventbus.delivery.models import OutboxEvent
from eventbus.operations.masking import shown_data


@operators_only("GET")
def payload_page(request: HttpRequest, id) -> HttpResponse:
    row = get_object_or_404(OutboxEvent, pk=id)
    personal = may_see_personal(request)
    payload = shown_data(row.type, row.data, personal=personal)
    context = {"row": row, "payload": payload, "personal": personal}
    return render(request, "console/story/payload.html", context)
