"""The order page, and the request to cancel the order."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders import services
from orders.errors import CannotCancel
from shop.checkout.price_breakdown import PriceBreakdown
from shop.storefront import read_models
from shop.storefront.progress import Fragment, OrderProgress
from shop.storefront.views.order_access import progress_or_404, unlisted


@unlisted
@require_safe
def show(request: HttpRequest, order_id: UUID) -> HttpResponse:
    progress = progress_or_404(order_id)
    context = {
        "order": progress.order,
        "fragment": Fragment.of(progress),
        "receipt": PriceBreakdown(progress.order),
        "headline": progress.headline,
    }
    return render(request, "storefront/order.html", context)


@require_POST
def cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Ask for the order to be cancelled; the answer will be on its page."""
    progress_or_404(order_id)
    try:
        services.request_cancellation(order_id, reason="customer")
        read_models.show_status(order_id, cancellation_requested_at=timezone.now())
    except CannotCancel:
        messages.error(request, _why_not(progress_or_404(order_id)))
    return redirect("storefront:order", order_id)


def _why_not(progress: OrderProgress) -> str:
    if progress.facts.cancelling:
        return _("We are finding out already whether this order can be cancelled.")
    if progress.facts.cancelled:
        return _("This order is cancelled already.")
    return _(
        "This order can no longer be cancelled: the parcel has left. "
        "You can send the goods back once they have arrived."
    )
