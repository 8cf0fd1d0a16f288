"""The cart."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shop.storefront import basket, cart, session
from shop.storefront.forms import ChangeForm
from shop.storefront.views import UNPROCESSABLE


@never_cache
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/cart.html", _cart(request))


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Make it so many units of one line."""
    form = ChangeForm(request.POST)
    if form.is_valid() and _changed(request, form):
        return redirect("storefront:cart")
    context = {**_cart(request), "wrong": form}
    return render(request, "storefront/cart.html", context, status=UNPROCESSABLE)


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take one line out; when it is gone already, that is fine too."""
    if held := session.cart_of(request):
        cart.remove(held, request.POST.get("sku", ""))
        messages.success(request, "Taken out of your cart.")
    return redirect("storefront:cart")


def _changed(request: HttpRequest, form: ChangeForm) -> bool:
    held = session.cart_of(request)
    try:
        if held is None:
            raise cart.CartRefusal("your cart is empty")
        cart.change(held, form.cleaned_data["sku"], form.cleaned_data["quantity"])
    except cart.CartRefusal as refusal:
        form.add_error("quantity", str(refusal))
        return False
    return True


def _cart(request: HttpRequest) -> dict[str, Any]:
    lines = basket.lines_of(session.cart_of(request))
    total = basket.total_of(lines, settings.DEFAULT_CURRENCY)
    return {"lines": lines, "total": total, "most": cart.MOST_UNITS}
