"""The page on which the shopper pays: a Checkout Session at Stripe."""

import stripe
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from stripe.params.checkout import (
    SessionCreateParams,
    SessionCreateParamsLineItem,
    SessionRetrieveParams,
)

from billing.models import OrderSnapshot
from billing.stripe.client import api

#: A session is of little use without its payment.
WITH_PAYMENT: SessionRetrieveParams = {"expand": ["payment_intent"]}


def open_page(key: str, units: int, currency: str) -> stripe.checkout.Session:
    """Return a page for this amount; the same key gives the same page. It closes after a day."""
    order_id = key.partition(":")[0]
    with translation.override(OrderSnapshot.objects.get(pk=order_id).language):
        asked = _asked(key, order_id, units, currency)
    return api().checkout.sessions.create(asked, {"idempotency_key": key})


def look_at(session_id: str) -> stripe.checkout.Session:
    """Return the session with its payment, as they are now."""
    return api().checkout.sessions.retrieve(session_id, WITH_PAYMENT)


def close(session_id: str, key: str) -> stripe.checkout.Session:
    """Close the session, so that nobody can pay on it any more; it may have been paid."""
    session = look_at(session_id)
    if session.status == "open":
        try:
            return api().checkout.sessions.expire(
                session_id, WITH_PAYMENT, {"idempotency_key": f"{key}:page"}
            )
        except stripe.InvalidRequestError:
            # The shopper was quicker.
            return look_at(session_id)
    return session


def _asked(key: str, order_id: str, units: int, currency: str) -> SessionCreateParams:
    named = {"order_id": order_id, "key": key}
    return {
        "mode": "payment",
        # Of all cards the amount can be held first; of other ways to pay it cannot.
        "allowed_payment_method_types": ["card"],
        "client_reference_id": order_id,
        "metadata": named,
        "payment_intent_data": {"capture_method": "manual", "metadata": named},
        "line_items": [_whole_order(units, currency)],
        "success_url": _address("stripe-return", order_id) + "?session={CHECKOUT_SESSION_ID}",
        "cancel_url": _address("storefront:order", order_id),
    }


def _whole_order(units: int, currency: str) -> SessionCreateParamsLineItem:
    return {
        "quantity": 1,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": units,
            "product_data": {"name": _("Your order")},
        },
    }


def _address(page: str, order_id: str) -> str:
    return settings.SHOP_URL + reverse(page, args=[order_id])
