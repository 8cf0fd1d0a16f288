"""The map of the choreography."""

from django.http import HttpRequest, HttpResponse

from eventbus import registry
from eventbus.console.choreography import choreography
from eventbus.console.choreography_checks import cycles, effects, never_compensated, never_emitted
from eventbus.console.map_svg import render_map
from eventbus.console.views.access import operators_only
from eventbus.console.views.page import render


@operators_only("GET")
def map_page(request: HttpRequest) -> HttpResponse:
    emitters = map(registry.app_label, registry.event_types())
    apps = sorted({*emitters, *registry.apps_with_reactions()})
    app = request.GET.get("app", "")
    app = app if app in apps else ""
    found = choreography(app)
    return render(
        request,
        "console/map.html",
        {
            "choreography": found,
            "map": render_map(found),
            "apps": apps,
            "app": app,
            "orphans": found.orphans,
            "never_emitted": never_emitted(),
            "cycles": cycles(effects()),
            "never_compensated": never_compensated(found.observers),
        },
    )
