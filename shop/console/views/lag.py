"""How far each app is behind."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shop.bus import figures
from shop.console.lag import SPANS, depths, lags
from shop.console.views.guard import operators_only


@operators_only("GET")
def lag_page(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("span", "")
    span = asked if asked in SPANS else next(iter(SPANS))
    queued = depths()
    return render(
        request,
        "console/lag.html",
        {
            "lags": lags(span, queued),
            "outbox": figures.outbox(),
            "span": span,
            "spans": SPANS,
            "broker_away": queued is None,
        },
    )
