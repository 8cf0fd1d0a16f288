"""The pages of the contracts: what each event says, and the AsyncAPI document."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse

from eventbus import registry
from eventbus.console.views.access import operators_only
from eventbus.console.views.page import render
from eventbus.contracts.asyncapi import asyncapi
from eventbus.contracts.schemas import NoExample, example_of
from eventbus.event import Event
from eventbus.operations.event_catalog import Entry, catalogue


@operators_only("GET")
def contracts_page(request: HttpRequest) -> HttpResponse:
    return render(request, "console/contracts.html", {"events": _events()})


@operators_only("GET")
def asyncapi_document(request: HttpRequest) -> HttpResponse:
    try:
        document = _document()
    except NoExample as error:
        return HttpResponse(str(error), content_type="text/plain", status=500)
    headers = {"Content-Disposition": 'attachment; filename="asyncapi.json"'}
    return HttpResponse(document, content_type="application/json", headers=headers)


@cache
def _events() -> list[tuple[Entry, str]]:
    """Return each fact with an example of its data: they change with the code alone."""
    return [
        (entry, _example(registry.event_class(entry.type)))
        for entry in catalogue()
        if entry.kind == "event"
    ]


def _example(event_class: type[Event]) -> str:
    """Return an example as JSON, or why there is none."""
    try:
        return json.dumps(example_of(event_class).to_data(), indent=2)
    except NoExample as error:
        return str(error)


@cache
def _document() -> str:
    return json.dumps(asyncapi(), indent=2, ensure_ascii=False)
