"""Lists of the admin, by the label of their model such as `orders.order`."""

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.functional import Promise


def may_view(request: HttpRequest, label: str) -> bool:
    """Whether this person may see the list."""
    app, model = label.split(".")
    return request.user.has_perm(f"{app}.view_{model}")


def address_of(label: str) -> Promise:
    """Where the list is; looked up when it is needed, so that settings can name it."""
    return reverse_lazy(f"admin:{label.replace('.', '_')}_changelist")
