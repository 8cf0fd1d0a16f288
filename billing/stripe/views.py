"""Where Stripe and returning shoppers knock: what they tell is kept, nothing else is done."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import stripe
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from billing.stripe import webhook_events

#: What can become of a page.
OF_PAGES = ("checkout.session.completed", "checkout.session.expired")
#: What can become of a payment without us, or after we were told that all is well.
OF_PAYMENTS = (
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_reinstated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.updated",
    "charge.expired",
    "charge.refund.updated",
    "charge.refunded",
    "payment_intent.canceled",
    "refund.created",
    "refund.failed",
    "refund.updated",
)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Take a message signed by Stripe; any other is refused with status 400.

    Stripe sends more than we keep: the rest is received and ignored.
    """
    signature = request.headers.get("Stripe-Signature")
    try:
        event = stripe.Webhook.construct_event(
            request.body, signature, settings.STRIPE_WEBHOOK_SECRET
        )
        notice = _notice_of(event)
    except stripe.SignatureVerificationError:
        return HttpResponseBadRequest("not signed by Stripe for this shop\n", "text/plain")
    except (ValueError, AttributeError):
        return HttpResponseBadRequest("not a message of Stripe\n", "text/plain")
    if notice:
        webhook_events.keep(event.id, kind=event.type, **vars(notice))
    return HttpResponse()


@never_cache
@require_safe
def come_back(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Send the shopper who has paid on Stripe's page on to the order."""
    webhook_events.keep_return(order_id, request.GET.get("session", ""))
    return redirect("storefront:order", order_id)


@dataclass(frozen=True)
class _Notice:
    """What a message says of a page or a payment of ours; `key` is the page's hold."""

    order_id: UUID
    reference: str
    key: str = ""


def _notice_of(event: stripe.Event) -> _Notice | None:
    """Read it; None if it is not about us, `ValueError` if it is not as Stripe writes it."""
    try:
        if event.type in OF_PAGES:
            return _of_page(event.data.object.to_dict())
        if event.type in OF_PAYMENTS:
            return _of_payment(event.data.object.to_dict())
        return None
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not as Stripe writes it: {error!r}") from error


def _of_page(session: dict[str, Any]) -> _Notice | None:
    ours = session["metadata"] or {}
    if not {"order_id", "key"} <= set(ours):
        return None
    return _Notice(UUID(ours["order_id"]), str(session["id"]), str(ours["key"]))


def _of_payment(item: dict[str, Any]) -> _Notice | None:
    """Read what is about a payment itself, or a charge, refund or dispute that names it."""
    payment = item["id"] if item["object"] == "payment_intent" else item.get("payment_intent")
    order_id = webhook_events.order_paid_with(str(payment or ""))
    return _Notice(order_id, str(payment)) if order_id else None
