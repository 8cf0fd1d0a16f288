"""One's own data: a copy of all of it, and the end of it."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from orders import services as orders
from shop import accounts
from shop.accounts import data_export, erasure
from shop.storefront.forms import ReauthenticateForm
from shop.storefront.views import UNPROCESSABLE
from shop.storefront.views.account.guard import for_customers

CONFLICT = 409


@require_safe
@for_customers
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/account/privacy.html")


@require_safe
@for_customers
@reauthentication_required(app="allauth.account")
def export(request: HttpRequest) -> HttpResponse:
    """Send everything the shop knows about this customer, as a file."""
    response = JsonResponse(
        data_export.export_of(request.user),
        encoder=data_export.Encoder,
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def delete(request: HttpRequest) -> HttpResponse:
    """Close the account for good, unless an order is still open."""
    sent = request.POST if request.method == "POST" else None
    form = ReauthenticateForm(sent, user=request.user)
    if not form.is_valid():
        return _page(request, form, UNPROCESSABLE if form.errors else 200)
    try:
        erasure.erase(request.user)
    except erasure.CannotErase as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, CONFLICT)
    logout(request)
    messages.success(request, _("Your account is deleted. Thank you for having been with us."))
    return redirect("storefront:home")


def _page(request: HttpRequest, form: ReauthenticateForm, status: int) -> HttpResponse:
    mine = accounts.customer_id(request.user)
    context = {"form": form, "open_orders": orders.open_orders_of(mine)}
    return render(request, "storefront/account/delete.html", context, status=status)
