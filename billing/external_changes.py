"""What was done at the processor without us, written down here.

Given the locked charge and the processor's books; the charge is left to the caller to save, and
the events of it to emit.
"""

from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from billing import payment_results
from billing.events import DisputeClosed, PaymentDisputed
from billing.gateway import Approved, Disputed, GivenBack, Standing
from billing.models import Charge, Difference, Dispute, Refund
from eventbus import Event

MADE_THERE, BY_DISPUTE = "given back at the processor", "disputed with the bank"


def apply_books(charge: Charge, books: Standing) -> list[Event]:
    """Take up refunds made or failed there, disputes, a lost hold; a second time changes nothing.

    What went back otherwise overtakes refunds of ours that are still to be made.
    """
    events = payment_results.record_lapse(charge) if books.lapsed else []
    if charge.state == Charge.State.CAPTURED:
        for refund in books.refunds:
            events += _take_up_refund(charge, refund)
        for dispute in books.disputes:
            events += _take_up_dispute(charge, dispute)
        charge.fit_pending(_to_keep(books))
    if charge.kept == books.kept:
        _settle(charge.authorization)
    return events


def _to_keep(books: Standing) -> Decimal:
    """Return what may go back now, or when the open disputes have ended well."""
    lost = sum((d.amount for d in books.disputes if d.state == "lost"), Decimal(0))
    return max(books.kept - lost, Decimal(0))


def _take_up_refund(charge: Charge, there: GivenBack) -> list[Event]:
    refund = _ours(charge, there)
    if refund is None:
        if there.failed:
            return []
        named = f"{Refund.MADE_THERE}:{there.reference}"
        return _went_back(charge, named, there.amount, there.reference, MADE_THERE)
    if there.failed:
        return payment_results.record_failed_refund(charge, refund)
    return payment_results.record_refund(charge, refund, Approved(there.reference))


def _ours(charge: Charge, there: GivenBack) -> Refund | None:
    """Return the row about it: asked for by us, or taken up before."""
    own = Q(reference=there.key.removeprefix(charge.refund_key(""))) if there.key else Q()
    return charge.refunds.filter(Q(processor_reference=there.reference) | own).first()


def _take_up_dispute(charge: Charge, report: Disputed) -> list[Event]:
    facts = {
        "charge": charge,
        "amount": report.amount,
        "state": report.state,
        "reason": report.reason,
    }
    dispute, is_new = Dispute.objects.get_or_create(reference=report.reference, defaults=facts)
    is_opened = is_new or (dispute.state, report.state) == ("asked", "open")
    events: list[Event] = [_disputed(charge, report)] if is_opened else []
    was_open = is_new or dispute.state in Dispute.GOING_ON
    dispute.amount, dispute.state = report.amount, report.state
    if was_open and report.state not in Dispute.GOING_ON:
        events += _close(charge, dispute)
    dispute.save()
    return events


def _close(charge: Charge, dispute: Dispute) -> list[Event]:
    dispute.closed_at = timezone.now()
    won = dispute.state == Dispute.State.WON
    closed = DisputeClosed(**_about(charge, dispute.reference, dispute.amount), won=won)
    if won:
        return [closed]
    named = f"{Refund.DISPUTED}:{dispute.reference}"
    return [closed, *_went_back(charge, named, dispute.amount, dispute.reference, BY_DISPUTE)]


def _went_back(
    charge: Charge, reference: str, amount: Decimal, there: str, reason: str
) -> list[Event]:
    """Emit no more than was taken, though a payment may be given back and disputed as well."""
    amount = min(amount, charge.captured - charge.refunded)
    if not amount:
        return []
    return [payment_results.record_refund_made_there(charge, reference, amount, there, reason)]


def _disputed(charge: Charge, report: Disputed) -> PaymentDisputed:
    return PaymentDisputed(
        **_about(charge, report.reference, report.amount),
        reason=report.reason,
        withheld=bool(report.withheld),
    )


def _about(charge: Charge, dispute: str, amount: Decimal) -> dict:
    return {
        "order_id": charge.order_id,
        "dispute": dispute,
        "payment_id": charge.payment_id,
        "number": charge.number,
        "amount": amount,
        "currency": charge.currency,
    }


def _settle(authorization: str) -> None:
    open_ones = Difference.open().filter(authorization=authorization)
    open_ones.update(settled_at=timezone.now())
