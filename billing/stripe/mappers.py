"""What Stripe's objects say, as answers of the port."""

from typing import cast

import stripe
from django.utils.translation import gettext_noop as _

from billing.decline_reasons import REASONS, declined
from billing.gateway import Answer, Approved, Challenge, Declined

#: Characters that are kept of what Stripe says; the rest is in its dashboard.
LONGEST_CODE, LONGEST_REASON = 50, 200
#: What Stripe says of an amount that no card pays, such as a few cents that points have left.
NO_AMOUNT_FOR_CARDS = ("amount_too_small", "amount_too_large")
LEFT = Declined("session_expired", _("The payment page was left without paying."))
LAPSED = declined("authorization_lapsed")
UNPAYABLE = Declined("amount", _("This amount cannot be paid by card."))
OTHER_AMOUNT = Declined(
    "other_amount", _("Another amount than the order's was taken, and given back.")
)


def hold(session: stripe.checkout.Session) -> Answer:
    """Return whether the shopper has paid on the page: then its amount is held, not yet taken."""
    if session.status == "expired":
        return LEFT
    if session.status == "complete":
        intent = intent_of(session)
        if intent.status in ("requires_capture", "succeeded"):
            return Approved(intent.id)
        if intent.status == "canceled":
            return LAPSED
    return Challenge(session.id, session.url or "")


def taking(intent: stripe.PaymentIntent, units: int) -> Answer | None:
    """Return whether just this amount was taken; None while it is held, or another was taken."""
    if intent.status == "succeeded" and intent.amount_received == units:
        return Approved(intent.id)
    return LAPSED if intent.status == "canceled" else None


def release(intent: stripe.PaymentIntent) -> Answer | None:
    """Return whether the hold was released; None while there is one, or money was taken of it."""
    return Approved(intent.id) if intent.status == "canceled" else None


def giving_back(refund: stripe.Refund) -> Answer:
    """Read Stripe's word for it, which counts: a bank may need days to show the money."""
    if refund.status in ("failed", "canceled"):
        return Declined(
            refund.failure_reason or "refund_failed", _("The bank did not take the money back.")
        )
    return Approved(refund.id)


def refusal(error: stripe.CardError) -> Declined:
    """Return the bank's own code; without one, or for an unknown one, Stripe's words for people."""
    details = error.error.to_dict() if error.error else {}
    code = details.get("decline_code") or error.code or "card_declined"
    said = error.user_message or REASONS["card_declined"]
    return declined(code[:LONGEST_CODE], said[:LONGEST_REASON])


def intent_of(session: stripe.checkout.Session) -> stripe.PaymentIntent:
    """Return the payment of a session that was read with it."""
    return cast(stripe.PaymentIntent, session.payment_intent)
