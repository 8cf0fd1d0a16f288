"""API routes; every one, including 404s, goes through `api_view`."""

from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, path, re_path

from shop.api import openapi
from shop.api.api import api
from shop.api.api_view import api_view, not_found

app_name = "api"


def _api_views(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """Wrap all but ninja's own home page, in whose place there is ours."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            pattern.callback = api_view(pattern.callback)
            yield pattern


urlpatterns = [
    path("", api_view(openapi.page), name="page"),
    path("openapi.json", api_view(openapi.openapi_json), name="openapi"),
    *_api_views(api.urls[0]),
    re_path(r"^[\s\S]*$", api_view(not_found)),
]
