"""Change lists of the admin, by the label of their model such as `orders.order`."""

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.functional import Promise


def may_view(request: HttpRequest, label: str) -> bool:
    """Tell whether this user may see the list."""
    app, model = label.split(".")
    return request.user.has_perm(f"{app}.view_{model}")


def changelist_url(label: str) -> Promise:
    """Return the list's address; it is resolved late, so that settings can use it."""
    return reverse_lazy(f"admin:{label.replace('.', '_')}_changelist")
