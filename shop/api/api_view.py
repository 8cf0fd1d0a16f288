"""The wrapper of every view of the API: language, media type, problems."""

from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from shop.api import problems

JSON = "application/json"
WITH_BODY = ("POST", "PUT", "PATCH")

View = Callable[..., HttpResponse]


def api_view(view: View) -> View:
    """Wrap a view: answer in the language asked for, take JSON alone, refuse by a problem."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = _refused(request) or _as_problem(view(_asked(request), *args, **kwargs))
        response["Content-Language"] = language
        patch_vary_headers(response, ["Accept-Language", "Authorization"])
        add_never_cache_headers(response)
        return response

    return answer


def not_found(request: HttpRequest) -> HttpResponse:
    return problems.response(404)


def _asked(request: HttpRequest) -> HttpRequest:
    """Answer HEAD as GET; the web server leaves the body out."""
    if request.method == "HEAD":
        request = copy(request)
        request.method = "GET"
    return request


def _refused(request: HttpRequest) -> HttpResponse | None:
    """Refuse what is no JSON: there is no cookie to forge a request with, but also no form."""
    try:
        sends = request.method in WITH_BODY and request.body
    except RequestDataTooBig:
        return problems.response(413)
    return problems.response(415) if sends and request.content_type != JSON else None


def _as_problem(response: HttpResponse) -> HttpResponse:
    """Turn a refusal that is not ours, such as of a method, into a problem."""
    if response.status_code < 400 or response["Content-Type"] == problems.MEDIA_TYPE:
        return response
    problem = problems.response(response.status_code)
    if "Allow" in response:
        problem["Allow"] = _with_head(response["Allow"])
    return problem


def _with_head(allowed: str) -> str:
    methods = set(allowed.split(", "))
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))
