"""What a browser may do with our pages: the headers that stop what is smuggled into one."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import sync_and_async_middleware

#: Everything comes from here, but for pictures of products, which may be at their maker's.
CONTENT = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: https:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

#: The admin's theme evaluates expressions in its pages, and styles elements one by one.
STAFF = f"{CONTENT}; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"

Answer = Callable[..., HttpResponseBase] | Callable[..., Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def guard_pages(get_response: Any) -> Answer:
    """Every answer says so; a page that has a policy of its own keeps it."""

    def guarded(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_staffs = request.path.startswith(reverse("admin:index"))
        response.headers.setdefault("Content-Security-Policy", STAFF if is_staffs else CONTENT)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    async def answer_later(request: Any) -> HttpResponseBase:
        return guarded(request, await get_response(request))

    def answer(request: Any) -> HttpResponseBase:
        return guarded(request, get_response(request))

    return answer_later if iscoroutinefunction(get_response) else answer
