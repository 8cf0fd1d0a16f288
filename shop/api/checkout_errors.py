"""All that is wrong with a quote's or an order's request at once: schema, form and prices."""

import json
from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja.errors import HttpError, ValidationError

from shop.api import problems
from shop.api.auth import caller
from shop.api.checkout_schemas import CheckoutChoices, OrderRequest, QuoteRequest
from shop.api.forms import all_errors
from shop.api.problems import Errors, Refusal
from shop.api.routes.carts import open_cart_of
from shop.api.schemas import Json
from shop.checkout.summary import CheckoutSummary
from shop.invisible_characters import json_without_invisible
from shop.ratelimit import wrong_codes
from shop.storefront import cart_view
from shop.storefront.forms import CheckoutForm

#: The form wants one; nothing is ordered with it.
NO_KEY = UUID(int=0)


def of_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Refuse what the schema does not allow, and name what is wrong in the rest of a checkout."""
    schemas: dict[str, type[CheckoutChoices]] = {
        reverse("api:quote"): QuoteRequest,
        reverse("api:orders"): OrderRequest,
    }
    schema = schemas.get(request.path) if request.method == "POST" else None
    return problems.of_validation(request, error, _errors(request, schema) if schema else {})


def _errors(request: HttpRequest, schema: type[CheckoutChoices]) -> Errors:
    """Look through the request as far as a form can hold it."""
    sent = _sent(request)
    try:
        user = caller(request)
    except HttpError:
        return {}
    lines, typed = _lines(request, sent), schema.typed_in(sent, user)
    if wrong_codes.retry_after(request):
        typed.pop("code", None)
    whole = schema is OrderRequest
    form = CheckoutForm(
        {**typed, "key": str(NO_KEY)},
        unfinished=not whole,
        ships=cart_view.ships(lines) or not lines,
        every_part=True,
    )
    if whole:
        form.full_clean()
    summary = CheckoutSummary.of(user, lines, form)
    if whole:
        summary.card()
    errors = all_errors(summary)
    wrong_codes.count(request, errors)
    return errors


def _sent(request: HttpRequest) -> Json:
    try:
        sent = json_without_invisible(json.loads(request.body))
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}


def _lines(request: HttpRequest, sent: Json) -> Sequence[cart_view.Line]:
    """Return the cart's lines; none where no cart is named that may be ordered."""
    try:
        return cart_view.lines_of(open_cart_of(request, UUID(str(sent.get("cart_id")))))
    except (ValueError, Refusal):
        return []
