"""Wrong passwords: after some the name is closed to that address for a while (django-axes)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shop.bus import mailbox
from shop.guard.limits import TOO_MANY_REQUESTS

LONGEST_NAME = 255


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under which name somebody tries to log in: staff by name, customers by address."""
    given = credentials or request.POST
    name = str(given.get("username") or given.get("email") or given.get("login") or "")
    return mailbox(name.replace("\0", "")[:LONGEST_NAME])[:LONGEST_NAME]


def locked_out(request: HttpRequest, *_: Any) -> HttpResponse:
    """What somebody is told who may not try again yet."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    context = {"minutes": seconds // 60}
    response = render(request, "locked.html", context, status=TOO_MANY_REQUESTS)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
