"""Where staff's pages lead to."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from shop.accounts import account_of


def story_address(request: HttpRequest, order_id: UUID) -> str:
    """The order's story in the console, for operators where there is a console; else empty."""
    if not request.user.has_perm("eventbus.operate"):
        return ""
    try:
        return reverse("console:story", args=[order_id])
    except NoReverseMatch:
        return ""


def customer_address(request: HttpRequest, customer_id: str) -> str:
    """The customer's page, for those who may see it; empty for a guest's order."""
    account = account_of(customer_id)
    if account is None or not request.user.has_perm("backoffice.see_customers"):
        return ""
    return reverse("admin:customer", args=[account])
