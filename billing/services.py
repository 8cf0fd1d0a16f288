"""Where a person starts the work: typing a card, confirming a payment, refunding."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django_fsm import can_proceed

from billing import answers, cards, sandbox
from billing.errors import NoOpenChallenge, NothingCaptured, RefundExists
from billing.events import ChallengeConfirmed, RefundRequested
from billing.models import Charge
from orders.events import Card
from shop.bus import emit


def tokenize(
    number: str, expiry: str = "", cvc: str = "", *, holder: str = "", country: str = ""
) -> Card:
    """The token of a card as typed; expiry (MM/YY) and cvc are checked where given.

    `holder` gives each holder a card of their own behind one test number:
    same number and holder, same fingerprint. `country` (ISO 3166-1 alpha-2) is
    where a card is issued whose test number leaves that open.
    Raises `CardInvalid`, which names the field.
    """
    digits = cards.checked_number(number)
    if expiry:
        cards.check_expiry(expiry)
    if cvc:
        cards.check_cvc(cvc)
    return sandbox.tokenize(digits, holder, country)


@transaction.atomic
def answer_challenge(order_id: UUID, confirmed: bool) -> None:
    """What the card's owner answered to their bank's question (3-D Secure).

    Raises `NoOpenChallenge` when none is open: answered before, or the order is off.
    """
    charge = _known(order_id)
    if charge is None or not can_proceed(charge.accept_confirmation):
        raise NoOpenChallenge(f"order {charge or order_id}: no confirmation is awaited")
    if confirmed:
        charge.accept_confirmation()
        emit(ChallengeConfirmed(order_id=order_id))
    else:
        answers.record_failure(charge, "not_confirmed", "The card's owner did not confirm.")
    charge.save()


@transaction.atomic
def refund(order_id: UUID, amount: Decimal, reason: str, reference: str) -> None:
    """Give a captured order's money back, in part or in full, because staff say so.

    `amount` is in the order's currency; `reference` is the caller's own name
    for this refund, so that asking twice gives back once.
    Raises `NothingCaptured`, `WrongAmount` or `RefundExists`.
    """
    charge = _known(order_id)
    if charge is None:
        raise NothingCaptured(f"order {order_id}: nothing is known of it")
    if charge.refunds.filter(reference=f"staff:{reference}").exists():
        raise RefundExists(f"refund {reference}: asked for before")
    opened = charge.open_refund(f"staff:{reference}", amount, reason)
    emit(
        RefundRequested(
            order_id=order_id,
            refund_id=opened.id,
            amount=amount,
            currency=charge.currency,
            reason=reason,
        )
    )


def _known(order_id: UUID) -> Charge | None:
    return Charge.objects.select_for_update().filter(pk=order_id).first()
