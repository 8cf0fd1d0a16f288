"""Keeping what Stripe let us know: a row and an event, each once."""

from uuid import UUID

from django.db import transaction

from billing.events import CheckPayment
from billing.models import Charge, StripeNotice
from eventbus import emit, emits


@emits(CheckPayment)
@transaction.atomic
def keep(event_id: str, *, kind: str, order_id: UUID, reference: str, key: str = "") -> None:
    """Keep it and emit an event, unless it was kept before or is about no payment of ours."""
    if not Charge.objects.filter(pk=order_id).exists():
        return
    facts = {"kind": kind, "order_id": order_id, "reference": reference, "key": key}
    _, is_new = StripeNotice.objects.get_or_create(event_id=event_id, defaults=facts)
    if is_new:
        emit(CheckPayment(order_id=order_id, reference=reference))


def order_paid_with(payment: str) -> UUID | None:
    """Return the order whose money is held or taken by this payment of Stripe's."""
    if not payment.isprintable():
        return None
    found = Charge.objects.filter(authorization=payment).values_list("order_id", flat=True)
    return found.first()


def keep_return(order_id: UUID, session: str) -> None:
    """Record that the shopper came back from the page that billing knows for this order."""
    if (
        session
        and session.isprintable()
        and Charge.objects.filter(pk=order_id, challenge=session).exists()
    ):
        keep(f"return:{session}", kind="return", order_id=order_id, reference=session)
