"""The first page: what is so now."""

from django.http import HttpRequest, HttpResponse

from eventbus.conf import conf
from eventbus.console.hooks import hooks
from eventbus.console.now.regions import draw_regions, region_of
from eventbus.console.now.snapshot import Snapshot
from eventbus.console.views.access import operators_only
from eventbus.console.views.page import render


@operators_only("GET")
def now_page(request: HttpRequest) -> HttpResponse:
    now = Snapshot.take()
    regions = draw_regions(now)
    return render(
        request,
        "console/now.html",
        {
            "now": now,
            "regions": regions,
            "rows": [(region_of(app), regions[region_of(app)]) for app in now.apps],
            "panels": [(panel, regions[f"panel-{panel.name}"]) for panel in hooks.panels],
            "flower": conf.FLOWER_URL,
        },
    )
