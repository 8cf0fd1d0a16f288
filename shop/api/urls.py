"""Addresses of the API. All of them have its manners, those where nothing is too."""

from django.urls import URLPattern, path, re_path

from shop.api import document
from shop.api.api import api
from shop.api.manners import mannerly, nothing_here

app_name = "api"


def _mannerly(pattern: URLPattern) -> URLPattern:
    pattern.callback = mannerly(pattern.callback)
    return pattern


urlpatterns = [
    path("", document.page, name="page"),
    path("openapi.json", document.openapi, name="openapi"),
    *(_mannerly(pattern) for pattern in api.urls[0] if pattern.name != "api-root"),
    re_path(r"^(?P<rest>.*)$", mannerly(nothing_here)),
]
