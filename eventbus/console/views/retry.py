"""Dry run, retry and discard of failed reactions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from eventbus.console.bulk_change import run_batch
from eventbus.console.forms import ChangeForm
from eventbus.console.views.access import may_see_personal, operator, operators_only
from eventbus.console.views.page import render
from eventbus.console.views.watch import watched
from eventbus.delivery.models import Delivery
from eventbus.operations.dry_run import dry_run
from eventbus.operations.failure_watch import last_action, watch_retried
from eventbus.operations.masking import shown_data, shown_text


@operators_only("POST")
def change(request: HttpRequest) -> HttpResponse:
    """Retry or discard; a second request is refused item by item."""
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return render(request, "console/refused.html", {"form": form}, status=422)
    asked, by = form.cleaned_data, operator(request)
    asked["since"] = since = asked["since"] or last_action()
    step = run_batch(asked, by=by)
    context: dict[str, Any] = {"step": step, "asked": asked}
    if step.is_last and step.changed and asked["what"] == "retry":
        progress = watch_retried(step.changed, since, by)
        context |= watched(progress, {"of": step.changed, "since": since, "by": by})
    return render(request, "console/failed/changed.html", context)


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
