"""The customer page: orders, points, mails, returns, risk."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from fraud import services as fraud
from notifications import services as notifications
from orders import services as orders
from shop.accounts import customer_id
from shop.storefront.models import Points, PointsLine

#: Rows of each kind on the page; the lists have the others.
MOST = 20


@require_safe
def customer_page(request: HttpRequest, account: int) -> HttpResponse:
    """Show everything about one customer with an account."""
    if not request.user.has_perm("backoffice.see_customers"):
        raise PermissionDenied
    user = User.objects.filter(pk=account).first()
    if user is None:
        raise Http404(f"there is no account {account}")
    context = {
        **admin.site.each_context(request),
        "title": f"Customer {user.email or user.get_username()}",
        "user_shown": user,
        **_overview(customer_id(user), user.email),
    }
    return TemplateResponse(request, "staff/customer.html", context)


def _overview(customer: str, email: str) -> dict[str, Any]:
    """Load the page's data, in one query each."""
    screenings = list(fraud.screenings_of(customer)[:MOST])
    return {
        "orders": list(orders.orders_of(customer)[:MOST]),
        "returns": list(orders.returns_of(customer)[:MOST]),
        "mails": list(notifications.mails_of(email).defer("text", "html")[:MOST]) if email else [],
        "points": Points.objects.filter(customer_id=customer).first(),
        "points_lines": list(
            PointsLine.objects.filter(customer_id=customer).order_by("-revision")[:MOST]
        ),
        "screenings": screenings,
        "risk": max((screening.score for screening in screenings), default=None),
    }
