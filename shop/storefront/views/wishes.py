"""Telling of what is sold out when it is back."""

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
from shop.storefront import product_page, wishes
from shop.storefront.forms import WishForm
from shop.storefront.views import UNPROCESSABLE, browse


@require_POST
def request_alert(request: HttpRequest, sku: str) -> HttpResponse:
    """Take down who wants to hear of it. The same wish twice is one wish."""
    page = _page_of(sku)
    if not page.stock.sold_out:
        messages.success(request, _("Good news: this can be bought again."))
        return redirect("storefront:variant", page.product.handle, sku)
    form = WishForm(request.POST)
    status = _wished(request, page.variant, form)
    if status == 200:
        return redirect("storefront:variant", page.product.handle, sku)
    return browse.show_product(request, page, wish=form, status=status)


def _is_theirs(user: Any, email: str) -> bool:
    return user.is_authenticated and email in confirmed_addresses(user)


def _page_of(sku: str) -> product_page.Page:
    variant = Variant.objects.filter(sku=sku).select_related("product").first()
    page = product_page.page(variant.product.handle, sku) if variant else None
    if page is None:
        raise Http404(f"There is no variant {sku}.")
    return page


def _wished(request: HttpRequest, variant: Variant, form: WishForm) -> int:
    """The status of the answer; what is wrong stands in the form."""
    if not form.is_valid():
        return UNPROCESSABLE
    email = form.cleaned_data["email"]
    theirs = _is_theirs(request.user, email)
    try:
        if not theirs and limits.hit("mailing", client_ip(request)):
            raise wishes.TooManyWishes
        wishes.want(request.session, variant, email, confirmed=theirs)
    except wishes.TooManyWishes:
        form.add_error("email", _("You asked for a lot lately. Please try again in an hour."))
        return limits.TOO_MANY_REQUESTS
    told = _("We will write to %(email)s when %(title)s is back.")
    messages.success(request, told % {"email": email, "title": variant})
    return 200
