"""What one's account holds: the latest orders, all orders, the points."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from orders import services
from shop import accounts
from shop.accounts import points
from shop.storefront.views.account.guard import for_customers

#: Orders on the overview, and rows on each page of a list.
LATEST, PER_PAGE = 3, 20


@require_safe
@for_customers
def show(request: HttpRequest) -> HttpResponse:
    """Show the latest orders and the points."""
    customer_id = accounts.customer_id(request.user)
    context = {
        "orders": services.orders_of(customer_id)[:LATEST],
        "points": points.balance_of(customer_id),
    }
    return render(request, "storefront/account/overview.html", context)


@require_safe
@for_customers
def orders(request: HttpRequest) -> HttpResponse:
    """Show all orders, the newest first; those placed as a guest with a confirmed address too."""
    mine = services.orders_of(accounts.customer_id(request.user))
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "storefront/account/orders.html", {"page": page})


@require_safe
@for_customers
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the account of points."""
    customer_id = accounts.customer_id(request.user)
    page = Paginator(points.lines_of(customer_id), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": points.with_numbers(customer_id, list(page)),
        "points": points.balance_of(customer_id),
    }
    return render(request, "storefront/account/points.html", context)
