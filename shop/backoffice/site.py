"""The admin's site, with the pages of staff that are no model's."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from import_export.admin import ImportExportModelAdmin
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from shop.backoffice.asking import AsksWhatItOffers
from shop.backoffice.auditing import audit_changes_on, made_by
from shop.backoffice.importing import ImportsOwnFiles
from shop.backoffice.kept import as_left
from shop.ratelimit.limits import limited


@limited("staff_login")
def _login(request: HttpRequest, login: Callable[..., HttpResponse], context: Any) -> HttpResponse:
    return login(request, context)


class StaffSite(UnfoldAdminSite):
    """The admin, with the pages of `shop.backoffice` beside those of models."""

    index_template = "staff/dashboard.html"
    index_title = "Dashboard"

    def register(
        self, model_or_iterable: Any, admin_class: type[ModelAdmin] | None = None, **options: Any
    ) -> None:
        """Every model's pages, ours and those of libraries, answer only what they offer.

        What staff change on them is written down.
        """
        page = admin_class or ModelAdmin
        guards: list[type] = [AsksWhatItOffers]
        if issubclass(page, ImportExportModelAdmin):
            guards.append(ImportsOwnFiles)
        guarded = type(page.__name__, (*guards, page), {"__module__": page.__module__})
        super().register(model_or_iterable, guarded, **options)
        one = isinstance(model_or_iterable, type)
        for model in [model_or_iterable] if one else model_or_iterable:
            audit_changes_on(self._registry[model])

    def extra_urls(self) -> list[URLPattern]:
        from shop.backoffice.urls import patterns

        return patterns(self)

    def search(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Pages of the admin by their names. Raises `Http404` for results there are not."""
        try:
            return super().search(request, extra_context)
        except InvalidPage as error:
            raise Http404(str(error)) from error

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who came for no page in particular goes to the dashboard, not to the shop's account."""
        if request.method == "GET" and "next" not in request.GET:
            return redirect(f"{request.path}?{urlencode({'next': reverse('admin:index')})}")
        return _login(request, super().login, extra_context)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Every page of the admin; what is changed on one is written down with who did it."""
        inner = super().admin_view(as_left(view), cacheable)

        @wraps(inner)
        def audited(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            with made_by(request.user):
                return inner(request, *args, **kwargs)

        return audited
