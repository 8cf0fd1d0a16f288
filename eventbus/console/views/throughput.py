"""The page of each app's throughput and latency, and what it does about unknown events."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from eventbus import registry
from eventbus.console.forms import UnknownEventsForm
from eventbus.console.throughput.figures import Figures, figures
from eventbus.console.throughput.forms import RangeForm
from eventbus.console.throughput.rows import depths, measured, page
from eventbus.console.throughput.time_range import PRESETS, preset
from eventbus.console.views.access import operator, operators_only
from eventbus.console.views.page import render
from eventbus.exceptions import BusError
from eventbus.operations import metrics, unknown_events


@operators_only("GET")
def throughput_page(request: HttpRequest) -> HttpResponse:
    form, queued = _asked(request), depths()
    found = page(form.time(), form.apps(), queued)
    context = {
        **_range_context(form),
        "page": found,
        # The same time in other words: that of a preset goes on meanwhile.
        "exactly": replace(found.scales.time, preset="").link(form.apps()),
        "outbox": metrics.outbox(),
        "broker_away": queued is None,
        "unknown": unknown_events.unknown_types(),
    }
    return render(request, "console/throughput.html", context, status=_status(form))


@operators_only("GET")
def figures_page(request: HttpRequest) -> HttpResponse:
    """Show what the charts show as a table."""
    form = _asked(request)
    apps = form.apps() or sorted(registry.apps_with_reactions())
    rows: Figures = figures(form.time(), measured(form.time(), apps))
    context = {**_range_context(form), "figures": rows}
    return render(request, "console/throughput/figures.html", context, status=_status(form))


@operators_only("GET")
def figures_json(request: HttpRequest) -> HttpResponse:
    """Return what the charts show, for the line that follows the pointer."""
    form = _asked(request)
    found = measured(form.time(), form.apps() or sorted(registry.apps_with_reactions()))
    return JsonResponse(figures(form.time(), found).as_json(), status=_status(form))


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
    return redirect("console:throughput")


def _asked(request: HttpRequest) -> RangeForm:
    form = RangeForm(request.GET, apps=sorted(registry.apps_with_reactions()))
    form.is_valid()
    return form


def _range_context(form: RangeForm) -> dict[str, Any]:
    time, apps = form.time(), form.apps()
    links = {"earlier": time.earlier, "wider": time.wider, "later": time.later}
    return {
        "form": form,
        "time": time,
        "apps": apps,
        "presets": [
            (words, preset(name).link(apps), name == time.preset)
            for name, (words, _) in PRESETS.items()
        ],
        "links": [(name, to.link(apps)) for name, to in links.items() if to],
        "query": time.link(apps),
    }


def _status(form: RangeForm) -> int:
    return 200 if form.is_valid() else 422
