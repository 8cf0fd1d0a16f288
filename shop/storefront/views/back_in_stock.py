"""The form that requests a back-in-stock alert."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalogue.models import Variant
from shop.accounts.merge_guest import confirmed_addresses
from shop.ratelimit import limits
from shop.ratelimit.client_address import client_ip
from shop.storefront import back_in_stock, product_page
from shop.storefront.forms import BackInStockForm
from shop.storefront.views import UNPROCESSABLE, browse


@require_POST
def request_alert(request: HttpRequest, sku: str) -> HttpResponse:
    """Request an alert. The same request twice is one request."""
    page = _page_of(sku)
    if not page.stock.sold_out:
        messages.success(request, _("Good news: this can be bought again."))
        return redirect("storefront:variant", page.product.handle, sku)
    form = BackInStockForm(request.POST)
    status = _requested(request, page.variant, form)
    if status == 200:
        return redirect("storefront:variant", page.product.handle, sku)
    return browse.show_product(request, page, wish=form, status=status)


def _is_theirs(user: Any, email: str) -> bool:
    return user.is_authenticated and email in confirmed_addresses(user)


def _page_of(sku: str) -> product_page.ProductPage:
    variant = Variant.objects.filter(sku=sku).select_related("product").first()
    page = product_page.load(variant.product.handle, sku) if variant else None
    if page is None:
        raise Http404(f"There is no variant {sku}.")
    return page


def _requested(request: HttpRequest, variant: Variant, form: BackInStockForm) -> int:
    """Request it and return the answer's status; the form's errors say what is wrong."""
    if not form.is_valid():
        return UNPROCESSABLE
    email = form.cleaned_data["email"]
    theirs = _is_theirs(request.user, email)
    try:
        if not theirs and limits.hit("mailing", client_ip(request)):
            raise back_in_stock.TooManyRequests
        back_in_stock.request_alert(request.session, variant, email, confirmed=theirs)
    except back_in_stock.TooManyRequests:
        form.add_error("email", _("You asked for a lot lately. Please try again in an hour."))
        return limits.TOO_MANY_REQUESTS
    text = _("We will write to %(email)s when %(title)s is back.")
    messages.success(request, text % {"email": email, "title": variant})
    return 200
