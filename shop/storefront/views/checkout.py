"""Checkout on one page: the order is committed, and the shopper is on the order's page."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from djmoney.money import Money

from orders import services as orders
from orders.errors import OrderInvalid, TooMuchUnpaid
from pricing.errors import PointsRefused, PromotionRefused
from shop.checkout import order_placement, prefill
from shop.checkout.summary import CheckoutSummary
from shop.ratelimit import limits, wrong_codes
from shop.ratelimit.client_address import client_ip
from shop.storefront import cart, cart_session, cart_view
from shop.storefront.cart import AlreadyOrdered, CartRefusal
from shop.storefront.cart_view import Line
from shop.storefront.forms import CheckoutForm
from shop.storefront.forms.checkout import CHANGED
from shop.storefront.models import Cart
from shop.storefront.views import UNPROCESSABLE


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    # In this order: of two copies of a form, the second may find the cart ordered by the first.
    held = cart_session.cart_of(request)
    if placed := _placed_before(request):
        return redirect("storefront:order", placed.pk)
    lines = cart_view.lines_of(held)
    if held is None or not lines:
        return _nothing_to_order(request)
    if request.method != "POST":
        return _first_look(request, lines)
    answer = _update if "update" in request.POST else _order
    return _too_often(request, answer) or answer(request, held, lines)


def _too_often(request: HttpRequest, answer: Callable[..., HttpResponse]) -> HttpResponse | None:
    """Refuse those who try too many codes or orders."""
    wait = wrong_codes.retry_after(request) if request.POST.get("code") else 0
    wait = wait or (limits.hit("checkout", client_ip(request)) if answer is _order else 0)
    return limits.too_many_requests(request, wait) if wait else None


def _nothing_to_order(request: HttpRequest) -> HttpResponse:
    """Keep what was typed: a cart may be gone because the browser was left for weeks."""
    if request.method == "POST":
        cart_session.save_form_data(request, CheckoutForm(request.POST, unfinished=True).kept)
    messages.info(request, _("Your cart is empty, so there is nothing to order yet."))
    return redirect("storefront:cart")


def _first_look(request: HttpRequest, lines: list[Line]) -> HttpResponse:
    known = {
        **CheckoutForm.AT_FIRST,
        **prefill.known_of(request.user),
        **cart_session.form_data(request),
    }
    sample = CheckoutForm.SAMPLE if "sample" in request.GET else {}
    form = CheckoutForm({**known, **sample}, unfinished=True, ships=cart_view.ships(lines))
    summary = CheckoutSummary.of(request.user, lines, form)
    if summary.has_problems:
        messages.error(request, _("Something in your cart cannot be ordered: please have a look."))
        return redirect("storefront:cart")
    return _page(request, summary)


def _update(request: HttpRequest, held: Cart, lines: list[Line]) -> HttpResponse:
    """Show what the choices made so far lead to; everything typed stays."""
    data, wanted = request.POST.copy(), request.POST["update"]
    if wanted == "remove-code":
        data["code"] = ""
    if wanted == "saved":
        for name, value in prefill.saved_fields(request.user, data.get("saved", "")).items():
            data[name] = value
    form = CheckoutForm(data, unfinished=True, ships=cart_view.ships(lines))
    summary = CheckoutSummary.of(request.user, lines, form)
    _remember(request, held, summary)
    return _page(request, summary)


def _order(request: HttpRequest, held: Cart, lines: list[Line]) -> HttpResponse:
    form = CheckoutForm(request.POST, ships=cart_view.ships(lines))
    form.full_clean()
    summary = CheckoutSummary.of(request.user, lines, form)
    order = _placed(held, summary, client_ip(request))
    if order is None:
        _remember(request, held, summary)
        now = replace(summary, lines=cart_view.lines_of(held))
        return _page(request, now, UNPROCESSABLE)
    cart_session.detach(request)
    return redirect("storefront:order", order.pk)


def _placed(held: Cart, summary: CheckoutSummary, visitor: str) -> orders.Order | None:
    """Place the order; None when there is none, and the form's errors tell why."""
    form = summary.form
    card = summary.card()
    if not form.is_valid():
        return None
    try:
        return order_placement.place(held, summary, card, visitor)
    except order_placement.CartChanged:
        text = _("Your cart has changed. Please look at it, and order again if you agree.")
        form.add_error(None, text)
    except order_placement.TotalChanged:
        form.add_error(None, CHANGED)
    except PromotionRefused as refusal:
        form.add_error("code", str(refusal))
    except PointsRefused as refusal:
        form.add_error("points", str(refusal))
    except (CartRefusal, OrderInvalid, TooMuchUnpaid) as refusal:
        form.add_error(None, str(refusal))
    return None


def _remember(request: HttpRequest, held: Cart, summary: CheckoutSummary) -> None:
    """Keep what is typed, for when they come back; where to remind a guest who wants that.

    Not of one who names address after address: the shop mails none of them.
    """
    cart_session.save_form_data(request, summary.form.kept)
    if summary.shopper.customer_id:
        return
    email = summary.shopper.email if summary.chosen.get("remind") else ""
    if email != held.email and not (email and limits.hit("mailing", client_ip(request))):
        # Nobody is reminded of a cart that was ordered a moment ago, from another page.
        with suppress(AlreadyOrdered):
            cart.set_email(held, email, settings.DEFAULT_CURRENCY)


def _placed_before(request: HttpRequest) -> orders.Order | None:
    """Return the order this very page placed already: it was sent twice."""
    try:
        return order_placement.placed_with(UUID(request.POST.get("key", "")))
    except ValueError:
        return None


def _page(request: HttpRequest, summary: CheckoutSummary, status: int = 200) -> HttpResponse:
    total = Money(summary.quote.total, settings.DEFAULT_CURRENCY)
    wrong_codes.count(request, summary.form.errors)
    context = {
        "summary": summary,
        "quote": summary.quote,
        "form": summary.form,
        "total": total,
        "key": summary.chosen.get("key") or uuid4(),
        "saved": prefill.saved_by(request.user),
    }
    return render(request, "storefront/checkout.html", context, status=status)
