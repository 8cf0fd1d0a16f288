"""Following an order. Its id is the key to it, as its page's address is."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from billing import services as billing
from billing.errors import CannotPayAgain
from orders import services
from orders.errors import CannotCancel, CannotReturn, UnknownOrder
from orders.events import Card
from shop.api.auth import customer_id, token
from shop.api.forms import by_field
from shop.api.idempotency import Key, idempotent
from shop.api.order_schemas import (
    OrderOut,
    Orders,
    OrderSummary,
    PaymentRequest,
    ReturnOut,
    ReturnRequest,
    StoryOut,
)
from shop.api.problems import Refusal, missing, wrong
from shop.api.schemas import Json, PageQuery, page_of
from shop.checkout.summary import cards_to_choose_from
from shop.storefront import read_models
from shop.storefront.forms import PayAgainForm
from shop.storefront.progress import OrderProgress, load_for_shopper
from shop.storefront.seo import absolute

router = Router(tags=["Orders"])


@router.get("/orders", response=Orders, auth=token, operation_id="listOrders", url_name="orders")
def orders(request: HttpRequest, wanted: Query[PageQuery]) -> Json:
    """List the customer's orders, the newest first."""
    found, place = page_of(services.orders_of(customer_id(request)), wanted)
    return {"orders": [OrderSummary.values(order) for order in found], **place}


@router.get("/orders/{order_id}", response=OrderOut, operation_id="getOrder", url_name="order")
def order(request: HttpRequest, order_id: UUID) -> OrderOut:
    """Show what was ordered, and what it costs."""
    return OrderOut.of(_story(order_id).order)


@router.get(
    "/orders/{order_id}/story",
    response=StoryOut,
    operation_id="getStory",
    url_name="order-story",
)
def story(request: HttpRequest, order_id: UUID) -> StoryOut:
    """Show how far the order is: the steps of its page."""
    return StoryOut.of(_story(order_id))


@router.post("/orders/{order_id}/cancel", response={202: StoryOut}, operation_id="cancelOrder")
def cancel(request: HttpRequest, order_id: UUID) -> StoryOut:
    """Ask for the order to be cancelled. Whether it still can be, its story will tell.

    Asked again while the answer is open, it is asked once.
    """
    _story(order_id)
    try:
        services.request_cancellation(order_id, reason="customer")
    except CannotCancel as refusal:
        if not _story(order_id).facts.cancelling:
            raise Refusal(409, _("This order can no longer be cancelled.")) from refusal
    return StoryOut.of(_story(order_id))


@router.post("/orders/{order_id}/payments", response={202: StoryOut}, operation_id="payAgain")
def pay_again(request: HttpRequest, order_id: UUID, wanted: PaymentRequest) -> StoryOut:
    """Pay with another card, after one was refused. Sent twice it is one attempt."""
    refused = _story(order_id)
    if not refused.can_pay_again:
        raise Refusal(409, _("This order waits for no other card."))
    try:
        billing.pay_again(order_id, _card(refused, wanted), after=refused.order.payment_attempt)
    except CannotPayAgain as refusal:
        raise Refusal(409, str(refusal)) from refusal
    read_models.show_status(order_id, paid_again_at=timezone.now())
    return StoryOut.of(_story(order_id))


@router.post("/orders/{order_id}/returns", response={201: ReturnOut}, operation_id="requestReturn")
def send_back(
    request: HttpRequest, answer: HttpResponse, order_id: UUID, wanted: ReturnRequest, key: Key
) -> Json:
    """Ask to send units of a delivered order back. The order then tells what became of it."""
    back = idempotent(request, key, str(order_id), lambda: _returned(order_id, wanted))
    answer["Location"] = absolute(reverse("api:order", args=[order_id]))
    return back


def _returned(order_id: UUID, wanted: ReturnRequest) -> Json:
    if not _story(order_id).can_return:
        raise Refusal(409, _("Of this order nothing can go back now."))
    units = {back.line: back.quantity for back in wanted.units}
    if len(units) < len(wanted.units):
        raise wrong({"units": [_("Name each line once.")]})
    try:
        back = services.request_return(order_id, units, reason=wanted.reason)
    except CannotReturn as refusal:
        raise wrong({"units": [str(refusal)]}) from refusal
    return ReturnOut.of(back).model_dump(mode="json")


def _card(refused: OrderProgress, wanted: PaymentRequest) -> Card | None:
    """Check the card as the page does; None where the processor's own page asks for it."""
    if not cards_to_choose_from():
        return None
    order = refused.order
    typed = wanted.card.as_typed() if wanted.card else {}
    form = PayAgainForm({**typed, "attempt": order.payment_attempt})
    form.full_clean()
    card = form.card(order.email, order.ship_to["country"])
    if not form.is_valid():
        raise wrong(by_field(form))
    return card


def _story(order_id: UUID) -> OrderProgress:
    try:
        return load_for_shopper(order_id)
    except UnknownOrder as unknown:
        raise missing(_("There is no such order.")) from unknown
