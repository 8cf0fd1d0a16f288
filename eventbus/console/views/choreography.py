"""The map of the choreography, and what of it can be taken away."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import shortcuts
from django.http import HttpRequest, HttpResponse

from eventbus.console.map.asked import Asked, all_apps, asked
from eventbus.console.map.checks import cycles, effects, never_compensated, never_emitted
from eventbus.console.map.choreography import Choreography, choreography
from eventbus.console.map.drawing import Drawing, draw
from eventbus.console.map.follow import follow
from eventbus.console.views.access import operators_only
from eventbus.console.views.page import render
from eventbus.delivery import pause
from eventbus.operations.event_catalog import catalogue
from eventbus.operations.mermaid import mermaid
from eventbus.operations.worker_status import missing, workers


@dataclass(frozen=True)
class Switch:
    """A link to the map with something else shown."""

    label: str
    query: str
    is_on: bool = False


@operators_only("GET")
def map_page(request: HttpRequest) -> HttpResponse:
    wanted = asked(request.GET.dict())
    found = _choreography(wanted)
    shown = {type for types in found.events.values() for type in types}
    uncompensated = [each for each in never_compensated(found.observers) if each[0] in shown]
    return render(
        request,
        "console/map/map.html",
        {
            "asked": wanted,
            "choreography": found,
            "drawing": _drawing(wanted, found),
            "apps": [_to_app(app, wanted) for app in ("", *all_apps())],
            "switches": list(_switches(wanted, found.observers)),
            "followed": follow(wanted.follow) if wanted.follow else None,
            "orphans": found.orphans,
            "never_emitted": [type for type in never_emitted() if type in shown],
            "cycles": [cycle for cycle in cycles(effects()) if shown.intersection(cycle)],
            "never_compensated": uncompensated,
        },
    )


@operators_only("GET")
def map_svg(request: HttpRequest) -> HttpResponse:
    """Return the picture as a file that stands alone."""
    wanted = asked(request.GET.dict())
    drawing = _drawing(wanted, _choreography(wanted))
    context = {"drawing": drawing, "alone": True}
    template, content_type = "console/map/graph.svg", "image/svg+xml"
    answer = shortcuts.render(request, template, context, content_type=content_type)
    answer.headers["Content-Disposition"] = 'attachment; filename="map.svg"'
    return answer


@operators_only("GET")
def map_mermaid(request: HttpRequest) -> HttpResponse:
    """Return the apps as a flowchart that Markdown shows."""
    headers = {"Content-Disposition": 'attachment; filename="map.mmd"'}
    return HttpResponse(mermaid(catalogue()), content_type="text/plain", headers=headers)


def _choreography(wanted: Asked) -> Choreography:
    return choreography(wanted.app, wanted.follow, observers=wanted.observers)


def _drawing(wanted: Asked, found: Choreography) -> Drawing:
    return draw(found, kinds=wanted.kinds, notes=_notes())


def _notes() -> dict[str, str]:
    """Return a word about each app that does not work now."""
    stopped = dict.fromkeys(missing(workers()), "no worker")
    paused = {app: "paused" for app, reaction in pause.everything_paused() if not reaction}
    return {**stopped, **paused}


def _to_app(app: str, wanted: Asked) -> Switch:
    return Switch(app or "All apps", wanted.but(app=app), wanted.app == app)


def _switches(wanted: Asked, observers: list[str]) -> Iterator[Switch]:
    if wanted.follow:
        yield Switch("Show all events", wanted.but(follow=""))
    elif wanted.own:
        yield Switch("Hide deadlines and tasks", wanted.but(own=False))
    else:
        yield Switch("Show deadlines and tasks", wanted.but(own=True))
    if observers and wanted.observers:
        yield Switch("Hide who reacts to everything", wanted.but(observers=False))
    elif observers:
        names = ", ".join(observers)
        yield Switch(f"Show who reacts to everything ({names})", wanted.but(observers=True))
