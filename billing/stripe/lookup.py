"""What became of an operation, by our own key.

Stripe forgets idempotency keys after a day. So this is read off the objects an
operation was about, whose ids billing has committed; refunds are read with all
that went back (`books`). A page whose answer was lost has no id here; but then
nobody has its address either, so nobody can pay on it.
"""

from uuid import UUID

from billing.gateway import Answer, Approved
from billing.models import Charge, StripeNotice
from billing.stripe import mappers, session
from billing.stripe.amounts import minor_units
from billing.stripe.client import api


def find(key: str) -> Answer | None:
    """Return the answer as it is by now; None when the operation was not carried out."""
    order_id, operation, *_ = key.split(":")
    return _FINDERS[operation](key, Charge.objects.get(pk=UUID(order_id)))


def _hold(key: str, charge: Charge) -> Answer | None:
    notified = StripeNotice.objects.filter(key=key).values_list("reference", flat=True)
    page = charge.challenge or notified.first()
    return mappers.hold(session.look_at(page)) if page else None


def _taking(key: str, charge: Charge) -> Answer | None:
    units = minor_units(charge.amount, charge.currency)
    return mappers.taking(api().payment_intents.retrieve(charge.authorization), units)


def _release(key: str, charge: Charge) -> Answer | None:
    if charge.authorization:
        return mappers.release(api().payment_intents.retrieve(charge.authorization))
    page = session.look_at(charge.challenge)
    if page.status == "complete":
        return mappers.release(mappers.intent_of(page))
    return Approved(page.id) if page.status == "expired" else None


_FINDERS = {"authorize": _hold, "capture": _taking, "void": _release}
