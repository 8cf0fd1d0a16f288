"""Saved filters: each admin list opens with the sorting and filters a person left it with.

Only what is chosen on the list itself is saved. A link from elsewhere with a query is followed
and not saved; one without a query gets the saved one. "Show all" on the list deletes it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.shortcuts import redirect

from shop.backoffice.models import SavedFilter

View = Callable[..., Any]

#: Parameters that are not saved: the page, an error, and the search, which may name a person.
NOT_SAVED = ("q", "p", "e", "all")


def restore_filters(view: View) -> View:
    """Wrap an admin view: a list opens with this person's saved filters."""

    @wraps(view)
    def restored(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not _shows_list(request):
            return view(request, *args, **kwargs)
        if not request.GET and not _from_itself(request) and (query := _query(request)):
            return redirect(f"{request.path}?{query}")
        answer = view(request, *args, **kwargs)
        if answer.status_code == 200 and _from_itself(request):
            _save(request)
        return answer

    return restored


def _shows_list(request: HttpRequest) -> bool:
    match = request.resolver_match
    is_list = bool(match and (match.url_name or "").endswith("_changelist"))
    return is_list and request.method == "GET" and "_popup" not in request.GET


def _from_itself(request: HttpRequest) -> bool:
    came = urlsplit(request.headers.get("Referer", ""))
    return (came.netloc, came.path) == (request.get_host(), request.path)


def _mine(request: HttpRequest) -> Any:
    return SavedFilter.objects.filter(person=request.user.pk or 0, page=request.path)


def _query(request: HttpRequest) -> str:
    return _mine(request).values_list("query", flat=True).first() or ""


def _save(request: HttpRequest) -> None:
    query = request.GET.copy()
    for name in NOT_SAVED:
        query.pop(name, None)
    if not query:
        _mine(request).delete()
    else:
        SavedFilter.objects.update_or_create(
            person=request.user.pk or 0, page=request.path, defaults={"query": query.urlencode()}
        )


def delete_filters(instance: Any, **kwargs: Any) -> None:
    """Delete the saved filters of a deleted account."""
    SavedFilter.objects.filter(person=instance.pk).delete()
