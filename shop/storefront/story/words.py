"""Reasons that apps state, in words for the shopper."""

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from orders.services import Order

#: Why a bank refused a card, by the processor's code.
DECLINES = {
    "card_declined": gettext_lazy("The bank declined the card."),
    "do_not_honor": gettext_lazy("The bank declined the card."),
    "generic_decline": gettext_lazy("The bank declined the card."),
    "insufficient_funds": gettext_lazy("There is not enough money on the account."),
    "expired_card": gettext_lazy("The card has expired."),
    "incorrect_number": gettext_lazy("The card number is not right."),
    "incorrect_cvc": gettext_lazy("The card's security code is not right."),
    "lost_card": gettext_lazy("The bank declined the card."),
    "stolen_card": gettext_lazy("The bank declined the card."),
    "processing_error": gettext_lazy("The bank could not process the card just now."),
    "not_confirmed": gettext_lazy("The payment was not confirmed with the bank."),
    "authentication_required": gettext_lazy("The payment was not confirmed with the bank."),
    "authorization_lapsed": gettext_lazy("The bank no longer holds the amount."),
}

_CANCELLED: dict[str, str | Promise] = {
    "out_of_stock": gettext_lazy("We are sorry. %(detail)s"),
    "fraud": gettext_lazy("We are sorry, we could not accept this order."),
    "customer": gettext_lazy("As you asked."),
    "staff": gettext_lazy("We had to cancel it. %(detail)s"),
    "expired": gettext_lazy("We are sorry: we did not manage to send it in time."),
    "points": "%(detail)s",
    "payment_failed": gettext_lazy("The payment did not go through: %(detail)s"),
}


_REDUCED: dict[str, str | Promise] = {
    "customer": gettext_lazy("As you asked, we closed what had not left yet."),
    "staff": gettext_lazy("We had to cancel what had not left yet."),
    "expired": gettext_lazy("We are sorry: we did not manage to send all of it in time."),
    "payment_failed": gettext_lazy("We gave up what had not left yet."),
    "lost": gettext_lazy("We are sorry: the carrier has lost a parcel."),
}


def why_declined(code: str, reason: str) -> str:
    """Why the card was refused; `reason` is the processor's own text."""
    return str(DECLINES.get(code) or gettext(reason))


def why_reduced(order: Order) -> str:
    """Why a part of the order does not come."""
    return str(_REDUCED[order.reduced_reason])


def why_cancelled(order: Order) -> str:
    """Why the order was cancelled."""
    detail = order.cancel_detail
    if order.cancel_reason == "payment_failed":
        detail = why_declined(order.payment_failed_code, detail)
    return (str(_CANCELLED.get(order.cancel_reason, "")) % {"detail": detail}).strip()
