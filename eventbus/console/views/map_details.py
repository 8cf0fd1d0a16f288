"""The pages of a single event and of a single app, which the map opens beside itself."""

from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse

from eventbus import registry
from eventbus.console.map.asked import all_apps
from eventbus.console.map.details import app_details, event_details
from eventbus.console.views.access import operators_only
from eventbus.console.views.page import render


@operators_only("GET")
def event_page(request: HttpRequest, type: str) -> HttpResponse:
    if type not in registry.event_types():
        return _nothing(request, f"No event is called “{type}” in the code that runs here.")
    return _details(request, "event", {"event": event_details(type)})


@operators_only("GET")
def app_page(request: HttpRequest, app: str) -> HttpResponse:
    if app not in all_apps():
        return _nothing(request, f"No app that emits or reacts is called “{app}”.")
    return _details(request, "app", {"app": app_details(app)})


def _details(request: HttpRequest, what: str, context: dict[str, Any]) -> HttpResponse:
    """Return the page; where htmx asks, its part for the panel."""
    if getattr(request, "htmx", False):
        context |= {"in_panel": True}
        return shortcuts.render(request, f"console/map/{what}_body.html", context)
    return render(request, f"console/map/{what}.html", context)


def _nothing(request: HttpRequest, problem: str) -> HttpResponse:
    return render(request, "console/map/nothing.html", {"problem": problem}, status=404)
