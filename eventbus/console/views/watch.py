"""Watching failures empty themselves: a bar that moves without a reload, and ends by itself."""

from typing import Any

from django import shortcuts
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HTMX_STOP_POLLING

from eventbus.console.forms import WatchForm
from eventbus.console.views.access import operators_only
from eventbus.console.views.page import render
from eventbus.delivery.models import Pause
from eventbus.operations import failures, worker_status
from eventbus.operations.failure_watch import Progress, watch_group, watch_retried


@operators_only("GET")
def watch_page(request: HttpRequest) -> HttpResponse:
    """Show what is still open of what somebody has retried."""
    form = WatchForm(request.GET)
    if not form.is_valid():
        return render(request, "console/refused.html", {"form": form}, status=422)
    asked = form.cleaned_data
    found = watch_retried(asked["of"] or 0, asked["since"] or 0, asked["by"])
    return _answer(request, watched(found, request.GET.dict()))


@operators_only("GET")
def watch_group_page(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """Show what is still open of a group."""
    form = WatchForm(request.GET)
    if not form.is_valid():
        return render(request, "console/refused.html", {"form": form}, status=422)
    asked = form.cleaned_data
    group = (asked["app"], asked["reaction"], fingerprint)
    found = watch_group(group, asked["of"] or 0, asked["since"] or 0)
    return _answer(request, watched(found, request.GET.dict(), fingerprint))


def watched_group(group: failures.FailureGroup, since: int) -> dict[str, Any]:
    """Return the context of `console/failed/watch.html` for a group as it is now."""
    asked = {"of": group.count, "since": since, "app": group.app, "reaction": group.reaction}
    found = watch_group(group.key, group.count, since)
    return watched(found, asked, group.fingerprint)


def watched(progress: Progress, asked: dict[str, Any], fingerprint: str = "") -> dict[str, Any]:
    """Return the context of `console/failed/watch.html`."""
    address = (
        reverse("console:watch_group", args=[fingerprint])
        if fingerprint
        else reverse("console:watch")
    )
    return {
        "progress": progress,
        "watch_url": f"{address}?{urlencode(asked)}",
        "held_by": _held_by(progress.apps),
    }


def _held_by(apps: list[str]) -> list[str]:
    """Return why apps do not go on with what is retried, in words."""
    paused = Pause.objects.filter(app__in=apps).order_by("app", "reaction")
    words = [
        f"{pause.name} is paused: what is retried waits until it is resumed" for pause in paused
    ]
    away = [app for app in apps if not worker_status.is_alive(app)]
    return words + [f"no worker of {app} is there: what is retried waits for one" for app in away]


def _answer(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    if not getattr(request, "htmx", False):
        return render(request, "console/failed/watching.html", context)
    status = HTMX_STOP_POLLING if context["progress"].is_over else 200
    # A part of a page needs nothing of the admin's around it.
    return shortcuts.render(request, "console/failed/watch.html", context, status=status)
