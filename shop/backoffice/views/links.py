"""Links from the staff pages to the console and to customers."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from shop.accounts import account_of


def story_url(request: HttpRequest, order_id: UUID) -> str:
    """Return the address of the order's story, for operators and if there is a console."""
    if not request.user.has_perm("eventbus.operate"):
        return ""
    try:
        return reverse("console:story", args=[order_id])
    except NoReverseMatch:
        return ""


def customer_url(request: HttpRequest, customer_id: str) -> str:
    """Return the address of the customer's page, for who may see it; empty for a guest."""
    account = account_of(customer_id)
    if account is None or not request.user.has_perm("backoffice.see_customers"):
        return ""
    return reverse("admin:customer", args=[account])
