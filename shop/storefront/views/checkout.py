"""Checkout on one page: the order is committed, and the shopper is on the order's page."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from billing import services as billing
from billing.errors import CardInvalid
from billing.sandbox import TEST_CARDS
from orders import services as orders
from orders.errors import OrderInvalid
from shop.storefront import accounts, basket, checkout, session
from shop.storefront.basket import Line
from shop.storefront.cart import CartRefusal
from shop.storefront.delivery import METHODS
from shop.storefront.forms import CheckoutForm
from shop.storefront.models import Cart
from shop.storefront.views import UNPROCESSABLE


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    if placed := _placed_before(request):
        return redirect("storefront:order", placed.pk)
    cart = session.cart_of(request)
    lines = basket.lines_of(cart)
    if cart is None or not lines:
        messages.info(request, "Your cart is empty, so there is nothing to order yet.")
        return redirect("storefront:cart")
    if request.method == "POST":
        return _order(request, cart, lines)
    return _page(request, CheckoutForm(initial=_initial(request)), lines)


def _order(request: HttpRequest, cart: Cart, lines: list[Line]) -> HttpResponse:
    form = CheckoutForm(request.POST)
    order = _placed(request, cart, form) if form.is_valid() else None
    if order is None:
        return _page(request, form, lines, UNPROCESSABLE)
    session.let_go(request)
    return redirect("storefront:order", order.pk)


def _placed(request: HttpRequest, cart: Cart, form: CheckoutForm) -> orders.Order | None:
    """The order; None when there is none, and the form's errors tell why."""
    try:
        return checkout.place(cart, _wish(request, form))
    except CardInvalid as error:
        form.add_error("card_number", str(error))
    except checkout.PricesChanged:
        form.add_error(None, "Prices have changed meanwhile: please look at the new total.")
    except (CartRefusal, OrderInvalid) as error:
        form.add_error(None, f"Cart: {error}.")
    return None


def _wish(request: HttpRequest, form: CheckoutForm) -> checkout.Wish:
    user, chosen = request.user, form.cleaned_data
    return checkout.Wish(
        key=chosen["key"],
        email=chosen["email"],
        customer_id=accounts.customer_id(user) if user.is_authenticated else None,
        ship_to=form.address,
        shipping=METHODS[chosen["shipping"]],
        card=billing.tokenize(form.number, holder=chosen["email"], country=chosen["country"]),
        goods_total=chosen["goods_total"],
    )


def _placed_before(request: HttpRequest) -> orders.Order | None:
    """The order this very page placed already: it was sent twice."""
    try:
        return checkout.placed_with(UUID(request.POST.get("key", "")))
    except ValueError:
        return None


def _initial(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    known = {"email": user.email, "name": user.first_name} if user.is_authenticated else {}
    return {**(CheckoutForm.SAMPLE if "sample" in request.GET else {}), **known}


def _page(
    request: HttpRequest, form: CheckoutForm, lines: list[Line], status: int = 200
) -> HttpResponse:
    goods = basket.total_of(lines, settings.DEFAULT_CURRENCY)
    context = {
        "form": form,
        "lines": lines,
        "goods": goods,
        "methods": [(method, goods + method.price) for method in METHODS.values()],
        "chosen": form["shipping"].value(),
        "cards": TEST_CARDS,
        "key": (form.cleaned_data if form.is_bound else {}).get("key") or uuid4(),
    }
    return render(request, "storefront/checkout.html", context, status=status)
