"""The admin site, with the staff pages that belong to no model."""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, get_script_prefix, reverse
from django.utils.translation import get_language
from import_export.admin import ImportExportModelAdmin
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from shop.backoffice.change_log import changed_by, log_changes_on
from shop.backoffice.file_import import ImportsOwnFiles
from shop.backoffice.lookups import RestrictedLookups
from shop.backoffice.saved_filters import restore_filters
from shop.backoffice.search import add_console
from shop.ratelimit.limits import rate_limited

#: Lists of apps that are kept, one for each set of rights that somebody has.
MOST_APP_LISTS = 100


@rate_limited("staff_login")
def _login(request: HttpRequest, login: Callable[..., HttpResponse], context: Any) -> HttpResponse:
    return login(request, context)


def _rights(user: Any) -> Hashable:
    """Return what decides about every page; a superuser's rights need not be read."""
    return "all" if user.is_active and user.is_superuser else frozenset(user.get_all_permissions())


class StaffSite(UnfoldAdminSite):
    """The admin, with the pages of `shop.backoffice` beside those of models."""

    index_template = "staff/dashboard.html"
    index_title = "Dashboard"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._app_lists: dict[Hashable, list[dict[str, Any]]] = {}

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
        self._app_lists.clear()
        one = isinstance(model_or_iterable, type)
        for model in [model_or_iterable] if one else model_or_iterable:
            log_changes_on(self._registry[model])

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """List the apps and models this user may see: made once for all with the same rights.

        Every page shows it, and two addresses of each model have to be found for it.
        """
        seen_by = _rights(request.user), app_label, get_language(), get_script_prefix()
        apps = self._app_lists.get(seen_by)
        if apps is None:
            apps = super().get_app_list(request, app_label)
            if len(self._app_lists) >= MOST_APP_LISTS:
                self._app_lists.clear()
            self._app_lists[seen_by] = apps
        # Who searches the list leaves out of it what does not fit.
        return [{**app, "models": [{**model} for model in app["models"]]} for app in apps]

    def extra_urls(self) -> list[URLPattern]:
        from shop.backoffice.urls import patterns

        return patterns(self)

    def search(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Search the pages of admin and console by name.

        Raises `Http404` for a page of results too far.
        """
        try:
            answer = super().search(request, extra_context)
            if isinstance(answer, TemplateResponse):
                add_console(request, answer)
        except InvalidPage as error:
            raise Http404(str(error)) from error
        return answer

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
