"""The admin site, with the staff pages that belong to no model."""

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

from shop.backoffice.change_log import changed_by, log_changes_on
from shop.backoffice.file_import import ImportsOwnFiles
from shop.backoffice.lookups import RestrictedLookups
from shop.backoffice.saved_filters import restore_filters
from shop.ratelimit.limits import rate_limited


@rate_limited("staff_login")
def _login(request: HttpRequest, login: Callable[..., HttpResponse], context: Any) -> HttpResponse:
    return login(request, context)


class StaffSite(UnfoldAdminSite):
    """The admin, with the pages of `shop.backoffice` beside those of models."""

    index_template = "staff/dashboard.html"
    index_title = "Dashboard"

    def register(
        self, model_or_iterable: Any, admin_class: type[ModelAdmin] | None = None, **options: Any
    ) -> None:
        """Register a model, ours or a library's, with restricted lookups and the change log."""
        page = admin_class or ModelAdmin
        mixins: list[type] = [RestrictedLookups]
        if issubclass(page, ImportExportModelAdmin):
            mixins.append(ImportsOwnFiles)
        restricted = type(page.__name__, (*mixins, page), {"__module__": page.__module__})
        super().register(model_or_iterable, restricted, **options)
        one = isinstance(model_or_iterable, type)
        for model in [model_or_iterable] if one else model_or_iterable:
            log_changes_on(self._registry[model])

    def extra_urls(self) -> list[URLPattern]:
        from shop.backoffice.urls import patterns

        return patterns(self)

    def search(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Search the admin's pages by name. Raises `Http404` for a page of results too far."""
        try:
            return super().search(request, extra_context)
        except InvalidPage as error:
            raise Http404(str(error)) from error

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Log in; without `next` in the address, to the dashboard, not to the shop's account."""
        if request.method == "GET" and "next" not in request.GET:
            return redirect(f"{request.path}?{urlencode({'next': reverse('admin:index')})}")
        return _login(request, super().login, extra_context)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Wrap every page of the admin with saved filters and the change log."""
        inner = super().admin_view(restore_filters(view), cacheable)

        @wraps(inner)
        def logged(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            with changed_by(request.user):
                return inner(request, *args, **kwargs)

        return logged
