"""Who may see a page of an account: its owner, and no cache."""

from collections.abc import Callable
from typing import cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponse]


def for_customers(view: View) -> View:
    """Show the page to whoever is logged in; others are asked to."""
    return never_cache(login_required(view))


def owner(request: HttpRequest) -> User:
    """Return the user whose page it is."""
    return cast(User, request.user)
