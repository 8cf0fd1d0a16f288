"""The map of the choreography."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from eventbus import registry
from eventbus.console.choreography import choreography
from eventbus.console.findings import caused, circles, never_compensated, never_emitted
from eventbus.console.mapping import drawn
from eventbus.console.views.guard import operators_only


@operators_only("GET")
def map_page(request: HttpRequest) -> HttpResponse:
    stating = map(registry.app_label, registry.event_types())
    apps = sorted({*stating, *registry.apps_with_reactions()})
    app = request.GET.get("app", "")
    app = app if app in apps else ""
    found = choreography(app)
    return render(
        request,
        "console/map.html",
        {
            "choreography": found,
            "map": drawn(found),
            "apps": apps,
            "app": app,
            "unheard": found.unheard,
            "never_emitted": never_emitted(),
            "circles": circles(caused()),
            "never_compensated": never_compensated(found.observers),
        },
    )
