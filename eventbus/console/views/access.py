"""Access to the console's pages: who may open them, and where others are sent."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from eventbus.console.hooks import hooks
from eventbus.console.now.hub import at_the_door
from eventbus.console.views.page import render

View = Callable[..., HttpResponse]
LiveView = Callable[[HttpRequest], Coroutine[Any, Any, HttpResponseBase]]


def operators_only(*methods: str) -> Callable[[View], View]:
    """Declare a page of the console: for operators, in English, never cached.

    Others get a 403; who is not logged in is sent to the admin's login.
    """

    def guard(view: View) -> View:
        @require_http_methods([*methods, "HEAD"] if "GET" in methods else [*methods])
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            with override("en"):
                answer = _refusal(request) or view(request, *args, **kwargs)
            add_never_cache_headers(answer)
            if hooks.theme.policy:
                answer.headers["Content-Security-Policy"] = hooks.theme.policy
            return answer

        return guarded

    return guard


def may_operate(request: HttpRequest) -> bool:
    """Return whether the user may open the console: staff who may operate."""
    return admin.site.has_permission(request) and request.user.has_perm("eventbus.operate")


def operators_only_live(view: LiveView) -> LiveView:
    """Declare a stream of the console: guarded as `operators_only`, before it begins."""

    @require_GET
    @wraps(view)
    async def guarded(request: HttpRequest) -> HttpResponseBase:
        answer = await _refusal_of(request) or await view(request)
        add_never_cache_headers(answer)
        return answer

    return guarded


async def _refusal_of(request: HttpRequest) -> HttpResponse | None:
    """Return as `_refusal`, from a thread that keeps nothing open while a stream goes on."""
    if isinstance(request, ASGIRequest):
        return await at_the_door(_refusal, request)
    return await sync_to_async(_refusal)(request)


def operator(request: HttpRequest) -> str:
    """Return the name under which a user's actions are recorded."""
    return request.user.get_username()


def may_see_personal(request: HttpRequest) -> bool:
    """Return whether the user may see personal data."""
    return request.user.has_perm("eventbus.see_personal")


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return _to_login(request)
    if not may_operate(request):
        with override("en"):
            return render(request, "console/forbidden.html", status=403)
    return None


def _to_login(request: HttpRequest) -> HttpResponse:
    """Redirect to the admin's login and back; after a POST, to the page "Now"."""
    back = request.get_full_path() if request.method == "GET" else reverse("console:now")
    answer = redirect_to_login(back, reverse("admin:login"))
    is_part = getattr(request, "htmx", False)
    return HttpResponseClientRedirect(answer["Location"]) if is_part else answer
