"""The map of the choreography."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shop.bus import registry
from shop.console.choreography import choreography
from shop.console.findings import caused, circles, never_taken_back
from shop.console.mapping import drawn
from shop.console.views.guard import operators_only


@operators_only("GET")
def map_page(request: HttpRequest) -> HttpResponse:
    stating = map(registry.app_of, registry.event_types())
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
            "circles": circles(caused()),
            "never_taken_back": never_taken_back(found.observers),
        },
    )
