"""What the processor's answers make true: the charge's next state, and the events of it.

Each function takes the locked charge and leaves it to its caller to save, and to emit what it
returns. An answer that somebody else recorded first changes nothing.
"""

from decimal import Decimal
from typing import Any

from django_fsm import can_proceed

from billing.decline_reasons import declined
from billing.errors import ProcessorRefused
from billing.events import (
    OrderBilled,
    PaymentAuthorized,
    PaymentChallenged,
    PaymentCompleted,
    PaymentFailed,
    PaymentRefunded,
    PaymentVoided,
    RefundFailed,
)
from billing.gateway import Answer, Approved, Challenge, Declined
from billing.models import Charge, Invoice, Refund
from eventbus import Event


def record_authorization(charge: Charge, answer: Answer | None) -> list[Event]:
    """Record the bank's answer to the hold; None when it was not asked and need not be any more."""
    if charge.state not in (Charge.State.AUTHORIZING, Charge.State.CHALLENGED):
        return []
    match answer:
        case Approved(reference):
            charge.authorize(reference)
            return [PaymentAuthorized(**_payment(charge), attempt=charge.attempt)]
        case Challenge():
            return _record_challenge(charge, answer)
        case Declined():
            return [record_failure(charge, answer)]
        case None:
            charge.forget_authorization()
    return []


def record_capture(charge: Charge, answer: Answer | None) -> list[Event]:
    """Record the capture's answer; None when it was not asked for and must not be any more."""
    if charge.state != Charge.State.CAPTURING:
        return []
    match answer:
        case Approved():
            charge.capture()
            return [PaymentCompleted(**_payment(charge)), *_bill(charge)]
        case Declined():
            return [record_failure(charge, answer)]
        case Challenge():
            raise ProcessorRefused(f"{charge.capture_key}: what is held cannot be challenged")
        case None:
            charge.forget_capture()
    return []


def record_failure(charge: Charge, refusal: Declined) -> PaymentFailed:
    """Record that no money will come of this card; `TransitionNotAllowed` if none was asked."""
    charge.fail(refusal.code, refusal.reason)
    return PaymentFailed(
        **_payment(charge),
        **_addressee(charge),
        code=refusal.code,
        reason=refusal.reason,
        attempt=charge.attempt,
        pay_until=charge.pay_until,
    )


def record_void(charge: Charge, answer: Answer) -> list[Event]:
    """Record that the hold is released. Raises `ProcessorRefused` when it was declined."""
    _must_be_approved(answer)
    if not can_proceed(charge.void):
        return []
    charge.void()
    return [PaymentVoided(**_payment(charge))] if charge.authorization else []


def record_refund(charge: Charge, refund: Refund, answer: Answer) -> list[Event]:
    """Record that money went back. Raises `ProcessorRefused` when it was declined."""
    reference = _must_be_approved(answer)
    if not can_proceed(refund.finish):
        return []
    refund.finish(reference)
    refund.save()
    charge.record_refunded(refund)
    return [_refunded(charge, refund)]


def record_refund_made_there(
    charge: Charge, reference: str, amount: Decimal, there: str, reason: str
) -> PaymentRefunded:
    """Record a refund made at the processor, called `there`, by somebody or by the bank."""
    return _refunded(charge, charge.record_external_refund(reference, amount, there, reason))


def record_failed_refund(charge: Charge, refund: Refund) -> list[Event]:
    """Record that the bank did not take the money; saves the refund."""
    if not can_proceed(refund.fail):
        return []
    was_done = refund.state == Refund.State.DONE
    refund.fail()
    refund.save()
    charge.record_refund_failed(refund, was_done=was_done)
    return [RefundFailed(**_of_refund(charge, refund))]


def record_lapse(charge: Charge) -> list[Event]:
    """Record that the hold is gone without us; what stops the order releases it in any case."""
    if charge.state == Charge.State.AUTHORIZED and not charge.stopped:
        return [record_failure(charge, declined("authorization_lapsed"))]
    return []


def _must_be_approved(answer: Answer) -> str:
    if not isinstance(answer, Approved):
        raise ProcessorRefused(answer)
    return answer.reference


def _record_challenge(charge: Charge, challenge: Challenge) -> list[Event]:
    """Ask the shopper to confirm: once, and not where the payment will not be taken."""
    asked_before = charge.challenge == challenge.reference
    if can_proceed(charge.demand_confirmation):
        charge.demand_confirmation(challenge.reference)
    if charge.stopped or asked_before:
        return []
    return [
        PaymentChallenged(
            **_payment(charge),
            **_addressee(charge),
            url=challenge.url,
            attempt=charge.attempt,
            answer_until=charge.answer_until,
        )
    ]


def _bill(charge: Charge) -> list[Event]:
    """Bill the order; money taken from one that was stopped meanwhile goes back."""
    if charge.stopped:
        return []
    invoice = Invoice.issue(charge)
    return [
        OrderBilled(
            order_id=charge.order_id,
            **_addressee(charge),
            customer_id=charge.customer_id or None,
            invoice_number=invoice.number,
            total=invoice.total,
            currency=invoice.currency,
            ships=charge.ships,
        )
    ]


def _refunded(charge: Charge, refund: Refund) -> PaymentRefunded:
    return PaymentRefunded(**_of_refund(charge, refund))


def _of_refund(charge: Charge, refund: Refund) -> dict[str, Any]:
    return {
        **_payment(charge),
        **_addressee(charge),
        "amount": refund.amount,
        "customer_id": charge.customer_id or None,
        "refund_id": refund.id,
        "refunded_total": charge.refunded,
        "captured_total": charge.captured,
        "reason": refund.reason,
        "revision": charge.refund_changes,
    }


def _payment(charge: Charge) -> dict[str, Any]:
    return {
        "order_id": charge.order_id,
        "payment_id": charge.payment_id,
        "amount": charge.amount,
        "currency": charge.currency,
    }


def _addressee(charge: Charge) -> dict[str, Any]:
    return {"number": charge.number, "email": charge.email}
