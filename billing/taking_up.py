"""What was done at the processor without us, written down here and stated.

Given the locked charge and the processor's books; the charge is left to the caller to save.
"""

from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from billing import answers
from billing.events import DisputeClosed, PaymentDisputed
from billing.gateway import Approved, Disputed, GivenBack, Standing
from billing.models import Charge, Difference, Dispute, Refund
from eventbus import emit

MADE_THERE, BY_DISPUTE = "given back at the processor", "disputed with the bank"


def take_up(charge: Charge, books: Standing) -> None:
    """Refunds made or failed there, disputes, a hold that is gone; a second time changes nothing.

    What went back otherwise overtakes refunds of ours that are still to be made.
    """
    if books.lapsed:
        answers.record_lapse(charge)
    if charge.state == Charge.State.CAPTURED:
        for refund in books.refunds:
            _take_up_refund(charge, refund)
        for dispute in books.disputes:
            _take_up_dispute(charge, dispute)
        charge.fit_pending(_to_keep(books))
    if charge.kept == books.kept:
        _settle(charge.authorization)


def _to_keep(books: Standing) -> Decimal:
    """What may go back now, or when the open disputes have ended well."""
    lost = sum((d.amount for d in books.disputes if d.state == "lost"), Decimal(0))
    return max(books.kept - lost, Decimal(0))


def _take_up_refund(charge: Charge, there: GivenBack) -> None:
    refund = _ours(charge, there)
    if refund is None:
        if not there.failed:
            named = f"{Refund.MADE_THERE}:{there.reference}"
            _went_back(charge, named, there.amount, there.reference, MADE_THERE)
    elif there.failed:
        answers.record_failed_refund(charge, refund)
    else:
        answers.record_refund(charge, refund, Approved(there.reference))


def _ours(charge: Charge, there: GivenBack) -> Refund | None:
    """The row about it: asked for by us, or taken up before."""
    own = Q(reference=there.key.removeprefix(charge.refund_key(""))) if there.key else Q()
    return charge.refunds.filter(Q(processor_reference=there.reference) | own).first()


def _take_up_dispute(charge: Charge, told: Disputed) -> None:
    facts = {"charge": charge, "amount": told.amount, "state": told.state, "reason": told.reason}
    dispute, is_new = Dispute.objects.get_or_create(reference=told.reference, defaults=facts)
    if is_new or (dispute.state, told.state) == ("asked", "open"):
        emit(_disputed(charge, told))
    was_open = is_new or dispute.state in Dispute.GOING_ON
    dispute.amount, dispute.state = told.amount, told.state
    if was_open and told.state not in Dispute.GOING_ON:
        _close(charge, dispute)
    dispute.save()


def _close(charge: Charge, dispute: Dispute) -> None:
    dispute.closed_at = timezone.now()
    won = dispute.state == Dispute.State.WON
    emit(DisputeClosed(**_about(charge, dispute.reference, dispute.amount), won=won))
    if not won:
        named = f"{Refund.DISPUTED}:{dispute.reference}"
        _went_back(charge, named, dispute.amount, dispute.reference, BY_DISPUTE)


def _went_back(charge: Charge, reference: str, amount: Decimal, there: str, reason: str) -> None:
    """Never more than was taken, though a payment may be given back and disputed as well."""
    amount = min(amount, charge.captured - charge.refunded)
    if amount:
        answers.record_refund_made_there(charge, reference, amount, there, reason)


def _disputed(charge: Charge, told: Disputed) -> PaymentDisputed:
    return PaymentDisputed(
        **_about(charge, told.reference, told.amount),
        reason=told.reason,
        withheld=bool(told.withheld),
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
