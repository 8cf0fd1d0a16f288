"""Dry run, retry and discard of failed reactions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from eventbus.console.bulk_change import run_batch
from eventbus.console.forms import ChangeForm
from eventbus.console.views.access import may_see_personal, operator, operators_only
from eventbus.console.views.page import render
from eventbus.delivery.models import Delivery
from eventbus.operations.dry_run import dry_run
from eventbus.operations.masking import shown_data, shown_text


@operators_only("POST")
def change(request: HttpRequest) -> HttpResponse:
    """Retry or discard; a second request is refused item by item."""
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return render(request, "console/refused.html", {"form": form}, status=422)
    asked = form.cleaned_data
    step = run_batch(asked, by=operator(request))
    return render(request, "console/failed/changed.html", {"step": step, "asked": asked})


@operators_only("POST")
def dry_run_page(request: HttpRequest, id: int) -> HttpResponse:
    """Show what a retry would do. By POST: it takes locks and uses up ids."""
    row = get_object_or_404(Delivery.objects.select_related("event"), pk=id)
    tried, personal = dry_run(row), may_see_personal(request)
    return render(
        request,
        "console/failed/dry_run.html",
        {
            "row": row,
            "tried": tried,
            "personal": personal,
            "error": shown_text(tried.error, row.event, personal=personal),
            "events": [
                (each, shown_data(each.type, each.version, each.data, personal=personal))
                for each in tried.events
            ],
        },
    )
