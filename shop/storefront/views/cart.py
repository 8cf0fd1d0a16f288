"""The cart."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shop.storefront import cart, cart_session, cart_view
from shop.storefront.cart import CartRefusal
from shop.storefront.forms import ChangeForm, RemoveForm
from shop.storefront.views import UNPROCESSABLE


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "storefront/cart.html", _cart(request))


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Make it so many units of one line."""
    form = ChangeForm(request.POST)
    if form.is_valid() and _changed(request, form):
        cart_session.forget_removed(request)
        return redirect("storefront:cart")
    context = {**_cart(request), "wrong": form}
    return render(request, "storefront/cart.html", context, status=UNPROCESSABLE)


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take one line out; when it is gone already, that is fine too."""
    form, held = RemoveForm(request.POST), cart_session.cart_of(request)
    taken = cart.remove(held, form.cleaned_data["sku"]) if held and form.is_valid() else None
    if taken:
        cart_session.save_removed(request, taken)
    return redirect("storefront:cart")


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Put back what was taken out last."""
    if taken := cart_session.removed(request):
        cart_session.forget_removed(request)
        try:
            cart.add(cart_session.cart_to_fill(request), taken["sku"], taken["quantity"])
        except CartRefusal as refusal:
            messages.error(request, str(refusal))
    return redirect("storefront:cart")


def _changed(request: HttpRequest, form: ChangeForm) -> bool:
    held = cart_session.cart_of(request)
    try:
        if held is None:
            raise CartRefusal(_("Your cart is empty."))
        cart.change(held, form.cleaned_data["sku"], form.cleaned_data["quantity"])
    except CartRefusal as refusal:
        form.add_error("quantity", str(refusal))
        return False
    return True


def _cart(request: HttpRequest) -> dict[str, Any]:
    lines = cart_view.lines_of(cart_session.cart_of(request))
    return {
        "lines": lines,
        "total": cart_view.total_of(lines, settings.DEFAULT_CURRENCY),
        "has_problems": cart_view.has_problems(lines),
        "most": cart.MOST_UNITS,
        "removed": cart_session.removed(request),
    }
