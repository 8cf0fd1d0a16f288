"""The pages of overdue reactions and of workers."""

from django.http import HttpRequest, HttpResponse

from eventbus.console.flower import tasks_url, worker_url
from eventbus.console.views.access import operators_only
from eventbus.console.views.page import render
from eventbus.console.worker_words import worker_rows
from eventbus.operations import overdue
from eventbus.operations.scale_hints import scale_hints
from eventbus.operations.worker_status import missing, workers

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
    rows = worker_rows(found, missing(found))
    context = {
        "rows": [(row, worker_url(row.worker.seen.node) if row.worker else "") for row in rows],
        "troubled": sum(row.state != "ok" for row in rows),
        "tasks": tasks_url(),
        "hints": scale_hints().values(),
    }
    return render(request, "console/workers.html", context)
