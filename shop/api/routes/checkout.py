"""What it costs, and ordering it."""

from uuid import NAMESPACE_URL, UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.errors import Throttled

from orders.errors import OrderInvalid, TooMuchUnpaid
from orders.services import Order
from pricing.errors import PointsRefused, PromotionRefused
from shop.api.auth import TOKEN_IF_ANY, caller, customer_id
from shop.api.checkout_schemas import OrderRequest, OrderResponse, QuoteOut, QuoteRequest
from shop.api.forms import all_errors
from shop.api.idempotency import Key, guest, idempotent
from shop.api.problems import Refusal, wrong
from shop.api.routes import orders
from shop.api.routes.carts import open_cart_of
from shop.api.schemas import Json
from shop.checkout import order_placement
from shop.checkout.addresses import region_code
from shop.checkout.summary import CheckoutSummary, price_without_refused, shopper_of
from shop.ratelimit import limits, wrong_codes
from shop.ratelimit.client_address import client_ip
from shop.storefront import cart_view
from shop.storefront.cart import CartRefusal
from shop.storefront.forms import CheckoutForm
from shop.storefront.seo import absolute

router = Router(tags=["Checkout"])


@router.post(
    "/quote",
    response=QuoteOut,
    operation_id="getQuote",
    url_name="quote",
    openapi_extra=TOKEN_IF_ANY,
)
def get_quote(request: HttpRequest, wanted: QuoteRequest) -> QuoteOut:
    """Price a cart, delivered to there. Nothing is kept, and no code used up."""
    lines = cart_view.lines_of(open_cart_of(request, wanted.cart_id))
    _refuse_guessing(request, wanted.code)
    region = region_code(wanted.country, wanted.region)
    # Whether an address has used a code is told with the order: anybody types any.
    shopper = shopper_of(caller(request), "")
    chosen = wanted.model_dump() | {"region": region}
    quoted, refused = price_without_refused(lines, chosen, shopper)
    if refused:
        wrong_codes.count(request, refused)
        raise wrong({name: [text] for name, text in refused.items()})
    return QuoteOut.of(quoted)


@orders.router.post(
    "/orders",
    response={201: OrderResponse},
    operation_id="placeOrder",
    tags=["Checkout"],
    openapi_extra=TOKEN_IF_ANY,
)
def place_order(request: HttpRequest, answer: HttpResponse, wanted: OrderRequest, key: Key) -> Json:
    """Order what is in a cart. Answered at once; follow the order's story for the rest.

    The total is what the quote said: when it is something else by now, nothing is
    ordered (409). The same key and body give the same answer, and one order.
    """
    _refuse_guessing(request, wanted.code)
    if wait := limits.hit("checkout", client_ip(request)):
        raise Throttled(wait)
    # No key of a guest can be guessed.
    owner = customer_id(request) or guest(wanted.cart_id)
    try:
        placed = idempotent(request, key, owner, lambda: _placed(request, wanted, f"{owner}:{key}"))
    except Refusal as refusal:
        # Once the transaction is over: it would take the count back.
        wrong_codes.count(request, refusal.errors)
        raise
    answer["Location"] = absolute(reverse("api:order", args=[placed["id"]]))
    return placed


def _refuse_guessing(request: HttpRequest, code: str) -> None:
    """Raise `Throttled` for a code from somebody who has sent too many that do not exist."""
    if code and (wait := wrong_codes.retry_after(request)):
        raise Throttled(wait)


def _placed(request: HttpRequest, wanted: OrderRequest, key: str) -> Json:
    order_key = uuid5(NAMESPACE_URL, f"{key}:{wanted.cart_id}")
    order = order_placement.placed_with(order_key) or _place(request, wanted, order_key)
    return OrderResponse.of(order).model_dump(mode="json")


def _place(request: HttpRequest, wanted: OrderRequest, order_key: UUID) -> Order:
    user, held = caller(request), open_cart_of(request, wanted.cart_id)
    lines = cart_view.lines_of(held)
    typed = {**wanted.as_typed(user), "key": str(order_key)}
    form = CheckoutForm(typed, ships=cart_view.ships(lines), every_part=True)
    form.full_clean()
    summary = CheckoutSummary.of(user, lines, form)
    card = summary.card()
    try:
        if form.is_valid():
            return order_placement.place(held, summary, card, client_ip(request))
    except order_placement.TotalChanged as changed:
        now = _("It is %(total)s now.") % {"total": changed.total}
        raise Refusal(409, _("The total has changed."), {"total": [now]}) from changed
    except PromotionRefused as refusal:
        form.add_error("code", str(refusal))
    except PointsRefused as refusal:
        form.add_error("points", str(refusal))
    except (CartRefusal, OrderInvalid, TooMuchUnpaid) as refusal:
        raise Refusal(409, str(refusal)) from refusal
    raise wrong(all_errors(summary))
