"""Reasons that apps give, in words for the shopper."""

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from orders.services import Order

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


def why_declined(reason: str) -> str:
    """Return why the card was refused, as billing emitted it, in the reader's language."""
    return gettext(reason) if reason else ""


def why_reduced(order: Order) -> str:
    """Say why a part of the order does not come."""
    return str(_REDUCED[order.reduced_reason])


def why_cancelled(order: Order) -> str:
    """Say why the order was cancelled."""
    detail = order.cancel_detail
    if order.cancel_reason == "payment_failed":
        detail = why_declined(detail)
    return (str(_CANCELLED.get(order.cancel_reason, "")) % {"detail": detail}).strip()
