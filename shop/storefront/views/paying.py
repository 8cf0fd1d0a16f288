"""Payment of a placed order by its shopper: answering the bank, giving another card."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing import services as billing
from billing.errors import CannotPayAgain, NoOpenChallenge
from shop.checkout.summary import cards_to_choose_from
from shop.storefront import read_models
from shop.storefront.forms import PayAgainForm
from shop.storefront.progress import OrderProgress
from shop.storefront.views import UNPROCESSABLE
from shop.storefront.views.order_access import progress_or_404, unlisted

#: The answer to the bank by each of the two buttons.
ANSWERS = {"confirm": True, "refuse": False}


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def challenge(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show the bank's page (3-D Secure): the processor's, or the sandbox's."""
    progress = progress_or_404(order_id)
    if not progress.challenged:
        return redirect("storefront:order", order_id)
    if progress.status.challenge_url:
        return redirect(progress.status.challenge_url)
    answer = request.POST.get("answer")
    if answer in ANSWERS:
        _answer(request, order_id, confirmed=ANSWERS[answer])
        return redirect("storefront:order", order_id)
    status = UNPROCESSABLE if request.method == "POST" else 200
    context = {"order": progress.order, "unanswered": request.method == "POST"}
    return render(request, "storefront/challenge.html", context, status=status)


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Take another card after one was declined. Sent twice it is one attempt."""
    progress = progress_or_404(order_id)
    if not progress.can_pay_again:
        return redirect("storefront:order", order_id)
    if request.method != "POST":
        return _pay_page(request, progress, PayAgainForm(initial={"attempt": _attempt(progress)}))
    form = PayAgainForm(request.POST)
    if form.is_valid() and _paid(progress, form):
        return redirect("storefront:order", order_id)
    return _pay_page(request, progress, form, UNPROCESSABLE)


def _answer(request: HttpRequest, order_id: UUID, *, confirmed: bool) -> None:
    now = timezone.now()
    try:
        billing.answer_challenge(order_id, confirmed=confirmed)
    except NoOpenChallenge:
        messages.info(request, _("The bank does not wait for your answer any more."))
    read_models.show_status(order_id, answered_at=now)


def _paid(progress: OrderProgress, form: PayAgainForm) -> bool:
    """Start another payment; False if it is refused, and the form's errors say why."""
    order = progress.order
    asked_here = bool(cards_to_choose_from())
    card = form.card(order.email, order.ship_to["country"]) if asked_here else None
    if asked_here and card is None:
        return False
    # Before the bank can have answered.
    now = timezone.now()
    try:
        another = billing.pay_again(order.pk, card, after=form.cleaned_data["attempt"])
    except CannotPayAgain as refusal:
        form.add_error(None, str(refusal))
        return False
    if another:
        read_models.show_status(order.pk, paid_again_at=now)
    return True


def _attempt(progress: OrderProgress) -> int:
    return progress.order.payment_attempt


def _pay_page(
    request: HttpRequest, progress: OrderProgress, form: PayAgainForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "order": progress.order,
        "why": progress.why_declined,
        "form": form,
        "summary": {"cards": cards_to_choose_from()},
    }
    return render(request, "storefront/order/pay.html", context, status=status)
