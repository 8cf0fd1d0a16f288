"""Requests to return goods of a delivered order."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders import services
from orders.errors import CannotReturn
from shop.storefront.forms import ReturnForm
from shop.storefront.views import UNPROCESSABLE
from shop.storefront.views.order_access import progress_or_404, unlisted


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show the form of a return, and request it: which units go back, and why."""
    progress = progress_or_404(order_id)
    if not progress.can_return:
        messages.error(request, _("Of this order nothing can go back now."))
        return redirect("storefront:order", order_id)
    form = ReturnForm(progress.order, request.POST if request.method == "POST" else None)
    if form.is_valid() and _sent_back(order_id, form):
        messages.success(request, _("We have your request; below you see what becomes of it."))
        return redirect("storefront:order", order_id)
    context = {"order": progress.order, "form": form}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "storefront/order/return.html", context, status=status)


def _sent_back(order_id: UUID, form: ReturnForm) -> bool:
    try:
        services.request_return(order_id, form.units, reason=form.reason)
    except CannotReturn as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
