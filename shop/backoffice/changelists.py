"""Change lists of the admin, by the label of their model such as `orders.order`."""

from functools import cache

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import lazy


def may_view(request: HttpRequest, label: str) -> bool:
    """Tell whether this user may see the list."""
    app, model = label.split(".")
    return request.user.has_perm(f"{app}.view_{model}")


def changelist_url(label: str) -> str:
    """Return the list's address; it is resolved late, so that settings can use it, and once."""
    return _address_lazy(f"admin:{label.replace('.', '_')}_changelist")


def _address_here(name: str) -> str:
    return _address(name, get_script_prefix())


_address_lazy = lazy(_address_here, str)


@cache
def _address(name: str, prefix: str) -> str:
    return reverse(name)
