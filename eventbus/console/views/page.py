"""A page of the console in the look of the project's admin."""

from typing import Any

from django import shortcuts
from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from eventbus.console.hooks import hooks
from eventbus.console.places import PLACES


def render(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Return a page, with what the admin's templates need around it."""
    return shortcuts.render(request, template, _around(request) | (context or {}), status=status)


def _around(request: HttpRequest) -> dict[str, Any]:
    """Return the admin's context: to those who may not open it, it offers nothing."""
    around = admin.site.each_context(request)
    if not around["has_permission"]:
        around |= {"is_nav_sidebar_enabled": False, "available_apps": []}
    return around | {
        "title": "Console",
        "places": PLACES,
        "here": request.resolver_match and request.resolver_match.url_name,
        "theme_brings_htmx": hooks.theme.brings_htmx,
    }
