"""The OpenAPI document, and a page to read it on without any script."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from shop.api.api import api
from shop.api.api_view import WITH_BODY
from shop.api.openapi_html import Operation, fields_of
from shop.api.problems import DETAILS, MEDIA_TYPE, Problem
from shop.api.schemas import Json

TAGS = {
    "Products": "Looking around: everything that is on sale.",
    "Cart": "Filling a cart.",
    "Checkout": "What it costs, and ordering it.",
    "Orders": "Following an order, and what can be done about it.",
    "Webhooks": "Your own server is told of what happens to your orders.",
}
REFUSED = {
    400: "This cannot be read: it is no JSON, or a header is missing or wrong.",
    409: "The state of things does not allow it.",
    422: "Something sent is wrong.",
}
#: Operations that no state of things is in the way of.
ALWAYS_POSSIBLE = {
    *("openCart", "getQuote"),
    *("openWebhook", "changeWebhook", "closeWebhook", "newWebhookSecret"),
}
#: What is told beside the body, by status: the header, what it says, and its type.
HEADERS = {
    201: ("Location", "where to ask for it", {"type": "string", "format": "uri"}),
    401: ("WWW-Authenticate", "`Bearer`", {"type": "string"}),
    429: ("Retry-After", "seconds to wait", {"type": "integer", "minimum": 1}),
}


@require_safe
def openapi_json(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document())


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    whole = document()
    operations = [Operation.of(*each) for each in _operations(whole)]
    by_tag = [
        (tag["name"], tag["description"], [each for each in operations if each.tag == tag["name"]])
        for tag in whole["tags"]
    ]
    schemas = [
        (name, schema.get("description", ""), fields_of(schema))
        for name, schema in sorted(whole["components"]["schemas"].items())
        if "properties" in schema
    ]
    context = {"info": whole["info"], "by_tag": by_tag, "schemas": schemas}
    return render(request, "api/page.html", context)


@cache
@translation.override("en")
def document() -> Json:
    """Return what ninja has made of the code, with the problems each operation may answer."""
    whole: Json = dict(api.get_openapi_schema(path_prefix=reverse("api:page")))
    there = {tag for *_, operation in _operations(whole) for tag in operation["tags"]}
    whole["tags"] = [
        {"name": tag, "description": text} for tag, text in TAGS.items() if tag in there
    ]
    whole["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    whole["components"]["securitySchemes"]["Token"]["description"] = "Made on the account page."
    for path, method, operation in _operations(whole):
        for parameter in operation["parameters"]:
            # Ninja's list of them is none that OpenAPI knows; the schema has it too.
            parameter.pop("examples", None)
        for status in _refusals(path, method, operation):
            operation["responses"][status] = _problem(status)
        operation["responses"] = {
            status: {**answer, **_headers(status)}
            for status, answer in sorted(operation["responses"].items())
        }
    # As readers get it: with texts for keys.
    return json.loads(json.dumps(whole))


def _operations(whole: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _refusals(path: str, method: str, operation: Json) -> Iterator[int]:
    if "requestBody" in operation:
        yield 400
    if method.upper() in WITH_BODY:
        yield from (413, 415)
    if "security" in operation:
        yield 401
    if "{" in path or "requestBody" in operation:
        yield 404
    if method != "get" and operation["operationId"] not in ALWAYS_POSSIBLE:
        yield 409
    if operation["parameters"] or "requestBody" in operation:
        yield 422
    yield 429


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": REFUSED.get(status) or str(DETAILS[status]),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _headers(status: int) -> dict[str, Any]:
    if status not in HEADERS:
        return {}
    name, text, schema = HEADERS[status]
    return {"headers": {name: {"description": text, "required": True, "schema": schema}}}
