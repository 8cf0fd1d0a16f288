"""The pages of overdue reactions and of workers."""

from django.http import HttpRequest, HttpResponse

from eventbus.console.views.access import operators_only
from eventbus.console.views.page import render
from eventbus.operations import overdue
from eventbus.operations.worker_status import RELAY, missing, workers

#: Single events that are listed.
SHOWN = 50


@operators_only("GET")
def overdue_page(request: HttpRequest) -> HttpResponse:
    rows, limits = overdue.deliveries(), overdue.thresholds()
    return render(
        request,
        "console/overdue.html",
        {
            "groups": [
                {**group, "limit": limits.get((group["app"], group["reaction"]))}
                for group in overdue.by_reaction(rows)
            ],
            "rows": rows.select_related("event").defer("error")[:SHOWN],
        },
    )


@operators_only("GET")
def workers_page(request: HttpRequest) -> HttpResponse:
    found = workers()
    context = {"workers": found, "missing": missing(found), "relay": RELAY}
    return render(request, "console/workers.html", context)
