"""Lists of the admin come back as each person left them: with their order and their filters.

What is chosen on a list itself is kept. A link from elsewhere that says what to show is followed
and not kept; one that does not leads to what is kept. "Show all" on the list forgets it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.shortcuts import redirect

from shop.backoffice.models import KeptList

View = Callable[..., Any]

#: Of one look only: its page, an error, and what was searched for, which may tell of a person.
PASSING = ("q", "p", "e", "all")


def as_left(view: View) -> View:
    """A view that, where it shows a list, shows it as this person left it."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not _shows_list(request):
            return view(request, *args, **kwargs)
        if not request.GET and not _from_itself(request) and (query := _query(request)):
            return redirect(f"{request.path}?{query}")
        answer = view(request, *args, **kwargs)
        if answer.status_code == 200 and _from_itself(request):
            _keep(request)
        return answer

    return kept


def _shows_list(request: HttpRequest) -> bool:
    match = request.resolver_match
    is_list = bool(match and (match.url_name or "").endswith("_changelist"))
    return is_list and request.method == "GET" and "_popup" not in request.GET


def _from_itself(request: HttpRequest) -> bool:
    came = urlsplit(request.headers.get("Referer", ""))
    return (came.netloc, came.path) == (request.get_host(), request.path)


def _mine(request: HttpRequest) -> Any:
    return KeptList.objects.filter(person=request.user.pk or 0, page=request.path)


def _query(request: HttpRequest) -> str:
    return _mine(request).values_list("query", flat=True).first() or ""


def _keep(request: HttpRequest) -> None:
    query = request.GET.copy()
    for name in PASSING:
        query.pop(name, None)
    if not query:
        _mine(request).delete()
    else:
        KeptList.objects.update_or_create(
            person=request.user.pk or 0, page=request.path, defaults={"query": query.urlencode()}
        )


def forget_person(instance: Any, **kwargs: Any) -> None:
    """A deleted account leaves no lists behind."""
    KeptList.objects.filter(person=instance.pk).delete()
