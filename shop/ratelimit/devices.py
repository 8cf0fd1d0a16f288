"""Known devices: browsers in which somebody logged in before, so that others cannot lock them out.

A device has a signed random cookie, valid for the login names of one account. By itself it lets
nobody in.
"""

from asyncio import iscoroutinefunction
from collections.abc import Collection
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from shop.ratelimit.limits import digest

COOKIE = "device"
YEAR = 365 * 86400
_signer = Signer(salt="ratelimit.device", sep="!")


def known_device(request: HttpRequest, name: str) -> str:
    """Return the device's id if somebody logged in here with this name before, else ''."""
    try:
        token, *names = _signer.unsign(request.COOKIES.get(COOKIE, "")).split(":")
    except BadSignature:
        return ""
    return f"device {token}" if digest(name) in names else ""


def remember_device(request: HttpRequest, names: Collection[str]) -> None:
    """Have the response to this request make the browser a known device for these names."""
    if not all(known_device(request, name) for name in names):
        value = ":".join([token_urlsafe(12), *map(digest, sorted(names))])
        vars(request)["new_device"] = _signer.sign(value)


@sync_and_async_middleware
def keep_device(get_response: Any) -> Any:
    """Set the cookie after a login: middleware."""

    async def answer_later(request: Any) -> HttpResponseBase:
        return _with_cookie(request, await get_response(request))

    def answer(request: Any) -> HttpResponseBase:
        return _with_cookie(request, get_response(request))

    return answer_later if iscoroutinefunction(get_response) else answer


def _with_cookie(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if value := vars(request).get("new_device"):
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, value, YEAR, secure=secure, httponly=True, samesite="Lax")
    return response
