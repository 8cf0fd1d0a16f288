"""The page of each app's lag."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from eventbus.console.forms import UnknownEventsForm
from eventbus.console.lag import SPANS, depths, lags
from eventbus.console.views.access import operator, operators_only
from eventbus.console.views.page import render
from eventbus.exceptions import BusError
from eventbus.operations import metrics, unknown_events


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
            "outbox": metrics.outbox(),
            "span": span,
            "spans": SPANS,
            "broker_away": queued is None,
            "unknown": unknown_events.unknown_types(),
        },
    )


@operators_only("POST")
def change_unknown(request: HttpRequest) -> HttpResponse:
    """Park or discard events of a type that no code here knows."""
    form = UnknownEventsForm(request.POST)
    if not form.is_valid():
        return render(request, "console/refused.html", {"form": form}, status=422)
    change = {"park": unknown_events.park, "discard": unknown_events.discard}[
        form.cleaned_data["action"]
    ]
    type, reason = form.cleaned_data["type"], form.cleaned_data["reason"]
    try:
        count = change(type, by=operator(request), reason=reason)
    except BusError as error:
        messages.error(request, f"Nothing was done: {error}.")
    else:
        done = {"park": "parked", "discard": "discarded"}[form.cleaned_data["action"]]
        messages.success(request, f"{count} events of type {type} are {done}.")
    return redirect("console:lag")
