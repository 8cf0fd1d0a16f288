"""What a shopper does about the payment of an order: answer the bank, give another card."""

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
from shop.storefront.story import Story
from shop.storefront.views import UNPROCESSABLE
from shop.storefront.views.order_access import story_of, unlisted

#: What the bank is told by which of the two buttons.
ANSWERS = {"confirm": True, "refuse": False}


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def challenge(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The bank's page (3-D Secure): the processor's, or one played by the sandbox."""
    story = story_of(order_id)
    if not story.challenged:
        return redirect("storefront:order", order_id)
    if story.status.challenge_url:
        return redirect(story.status.challenge_url)
    answer = request.POST.get("answer")
    if answer in ANSWERS:
        _answer(request, order_id, confirmed=ANSWERS[answer])
        return redirect("storefront:order", order_id)
    status = UNPROCESSABLE if request.method == "POST" else 200
    context = {"order": story.order, "unanswered": request.method == "POST"}
    return render(request, "storefront/challenge.html", context, status=status)


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Another card, after one was refused. Sent twice it is one attempt."""
    story = story_of(order_id)
    if not story.can_pay_again:
        return redirect("storefront:order", order_id)
    if request.method != "POST":
        return _pay_page(request, story, PayAgainForm(initial={"attempt": _attempt(story)}))
    form = PayAgainForm(request.POST)
    if form.is_valid() and _paid(story, form):
        return redirect("storefront:order", order_id)
    return _pay_page(request, story, form, UNPROCESSABLE)


def _answer(request: HttpRequest, order_id: UUID, *, confirmed: bool) -> None:
    now = timezone.now()
    try:
        billing.answer_challenge(order_id, confirmed=confirmed)
    except NoOpenChallenge:
        messages.info(request, _("The bank does not wait for your answer any more."))
    read_models.show_status(order_id, answered_at=now)


def _paid(story: Story, form: PayAgainForm) -> bool:
    """Whether the bank is being asked; the form's errors tell why not."""
    order = story.order
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


def _attempt(story: Story) -> int:
    return story.order.payment_attempt


def _pay_page(
    request: HttpRequest, story: Story, form: PayAgainForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "order": story.order,
        "why": story.why_declined,
        "form": form,
        "till": {"cards": cards_to_choose_from()},
    }
    return render(request, "storefront/order/pay.html", context, status=status)
