"""Addresses of the API. All of them have its manners, those where nothing is too."""

from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, path, re_path

from shop.api import document
from shop.api.api import api
from shop.api.manners import mannerly, nothing_here

app_name = "api"


def _mannerly(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """All but ninja's own home page, in whose place there is ours."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            pattern.callback = mannerly(pattern.callback)
            yield pattern


urlpatterns = [
    path("", mannerly(document.page), name="page"),
    path("openapi.json", mannerly(document.openapi), name="openapi"),
    *_mannerly(api.urls[0]),
    re_path(r"^[\s\S]*$", mannerly(nothing_here)),
]
