"""The order page: how far it is, and what the shopper can still do about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing import services as billing
from billing.errors import NoOpenChallenge
from orders import services
from orders.errors import CannotCancel, CannotReturn, UnknownOrder
from shop.storefront import read_models
from shop.storefront.forms import ReturnForm
from shop.storefront.models import OrderStatus, Tracking
from shop.storefront.story import Story
from shop.storefront.views import UNPROCESSABLE


@never_cache
@require_GET
def show(request: HttpRequest, order_id: UUID) -> HttpResponse:
    story = _story(order_id)
    return render(request, "storefront/order.html", _page(story, ReturnForm(story.order)))


@require_POST
def cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Ask for the order to be cancelled; the answer will be on its page."""
    try:
        services.request_cancellation(order_id, reason="customer")
    except UnknownOrder as unknown:
        raise Http404(str(unknown)) from unknown
    except CannotCancel:
        messages.error(request, "This order can no longer be cancelled.")
    return redirect("storefront:order", order_id)


@require_POST
def send_back(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Send units of a delivered order back."""
    story = _story(order_id)
    form = ReturnForm(story.order, request.POST)
    if story.can_return and form.is_valid() and _sent_back(order_id, form):
        messages.success(request, "Your return is announced.")
        return redirect("storefront:order", order_id)
    if not story.can_return:
        form.add_error(None, "Quantity: of this order nothing can go back now.")
    return render(request, "storefront/order.html", _page(story, form), status=UNPROCESSABLE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def challenge(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The bank's page (3-D Secure), played by the sandbox: is it you who pays?"""
    story = _story(order_id)
    if not story.challenged:
        return redirect("storefront:order", order_id)
    if request.method == "POST":
        _answer(request, order_id)
        return redirect("storefront:order", order_id)
    return render(request, "storefront/challenge.html", {"order": story.order})


def _answer(request: HttpRequest, order_id: UUID) -> None:
    try:
        billing.answer_challenge(order_id, confirmed=request.POST.get("answer") == "confirm")
    except NoOpenChallenge:
        messages.info(request, "The bank does not wait for your answer any more.")
    read_models.show_status(order_id, answered_at=timezone.now())


def _sent_back(order_id: UUID, form: ReturnForm) -> bool:
    try:
        services.request_return(order_id, form.units, reason=form.cleaned_data["reason"])
    except CannotReturn as refusal:
        form.add_error(None, f"{refusal}.")
        return False
    return True


def _story(order_id: UUID) -> Story:
    try:
        order = services.order_for_page(order_id)
    except UnknownOrder as unknown:
        raise Http404(str(unknown)) from unknown
    status = OrderStatus.objects.filter(pk=order_id).first() or OrderStatus(order_id=order_id)
    return Story(order, status, list(Tracking.objects.filter(order_id=order_id)))


def _page(story: Story, form: ReturnForm) -> dict[str, Any]:
    lines = [(line, line.quantity * line.unit_price) for line in story.order.lines.all()]
    return {"story": story, "order": story.order, "lines": lines, "form": form}
