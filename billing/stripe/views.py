"""Where Stripe and returning shoppers knock: what they tell is kept, nothing else is done."""

from dataclasses import dataclass
from uuid import UUID

import stripe
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from billing.stripe import notices

#: What can become of a page. Stripe sends more than that; the rest is received and ignored.
KEPT = ("checkout.session.completed", "checkout.session.expired")


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """A message signed by Stripe; any other is refused with status 400."""
    signature = request.headers.get("Stripe-Signature")
    try:
        event = stripe.Webhook.construct_event(
            request.body, signature, settings.STRIPE_WEBHOOK_SECRET
        )
        told = _told(event) if event.type in KEPT else None
    except stripe.SignatureVerificationError:
        return HttpResponseBadRequest("not signed by Stripe for this shop\n", "text/plain")
    except (ValueError, AttributeError):
        return HttpResponseBadRequest("not a message of Stripe\n", "text/plain")
    if told:
        notices.keep(event.id, kind=event.type, **vars(told))
    return HttpResponse()


@never_cache
@require_safe
def come_back(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The shopper has paid on Stripe's page: on to the order."""
    notices.keep_return(order_id, request.GET.get("session", ""))
    return redirect("storefront:order", order_id)


@dataclass(frozen=True)
class _Told:
    """What a message says of a page of ours."""

    order_id: UUID
    session: str
    key: str


def _told(event: stripe.Event) -> _Told | None:
    """None when it is about no page of ours; `ValueError` when it is not as Stripe writes it."""
    try:
        session = event.data.object.to_dict()
        ours = session["metadata"] or {}
        if not {"order_id", "key"} <= set(ours):
            return None
        return _Told(UUID(ours["order_id"]), str(session["id"]), str(ours["key"]))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not as Stripe writes it: {error!r}") from error
