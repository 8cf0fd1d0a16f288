"""Where a person starts the work: typing a card, confirming a payment, refunding."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import translation
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from billing import cards, payment_results, sandbox
from billing.decline_reasons import declined
from billing.errors import (
    AboveLimit,
    CannotPayAgain,
    CardInvalid,
    NoInvoice,
    NoOpenChallenge,
    RefundExists,
)
from billing.events import ChallengeConfirmed, PaymentFailed, PaymentRetried, RefundPayment
from billing.invoices.content import content_of
from billing.models import Charge, Difference, Dispute, Invoice, OrderSnapshot, Refund
from billing.models.card_payment import MOST_CARDS
from eventbus import emit, emits
from orders.events import Card


def tokenize(
    number: str, expiry: str = "", cvc: str = "", *, holder: str = "", country: str = ""
) -> Card:
    """Return the token of a card as typed; expiry (MM/YY) and cvc are checked where given.

    `holder` gives each holder a card of their own behind one test number:
    same number and holder, same fingerprint. `country` (ISO 3166-1 alpha-2) is
    where a card is issued whose test number leaves that open.
    Raises `CardInvalid`, which names each field that is wrong.
    """
    errors: dict[str, str] = {}
    for typed, check in ((expiry, cards.check_expiry), (cvc, cards.check_cvc)):
        try:
            if typed:
                check(typed)
        except CardInvalid as refusal:
            errors |= refusal.errors
    try:
        card = sandbox.tokenize(cards.checked_number(number), holder, country)
    except CardInvalid as refusal:
        raise CardInvalid(refusal.errors | errors) from refusal
    if errors:
        raise CardInvalid(errors)
    return card


@emits(ChallengeConfirmed, PaymentFailed)
@transaction.atomic
def answer_challenge(order_id: UUID, confirmed: bool) -> None:
    """Record what the card's owner answered to their bank's question (3-D Secure).

    Raises `NoOpenChallenge` when none is open: answered before, or the order is off.
    """
    with Charge.objects.get_or_create_for_update(pk=order_id) as charge:
        if not can_proceed(charge.accept_confirmation):
            raise NoOpenChallenge(f"order {charge}: no confirmation is awaited")
        if confirmed:
            charge.accept_confirmation()
            emit(ChallengeConfirmed(order_id=order_id, attempt=charge.attempt))
        else:
            emit(payment_results.record_failure(charge, declined("not_confirmed")))


@emits(PaymentRetried)
@transaction.atomic
def pay_again(order_id: UUID, card: Card | None, *, after: int | None = None) -> bool:
    """Pay a refused order with another card; the bank is asked once this is committed.

    Returns whether this begins another attempt. The same card twice is one.
    `after` is the attempt the shopper saw refused: pressed twice for it is one
    attempt too, even if that was refused meanwhile. `card` is None where the
    processor's own page asks for it. Raises `CannotPayAgain`, which says why.
    """
    with Charge.objects.get_or_create_for_update(pk=order_id) as charge:
        if charge.is_tried_with(card) or (after and charge.attempt > after):
            return False
        if not can_proceed(charge.pay_again):
            raise CannotPayAgain(_why_not_again(charge))
        charge.pay_again(card)
        emit(
            PaymentRetried(order_id=order_id, payment_id=charge.payment_id, attempt=charge.attempt)
        )
    return True


def _why_not_again(charge: Charge) -> str:
    if charge.stopped:
        return _("This order was cancelled: no payment is needed.")
    if charge.placed_at is None:
        return _("This order is not known here yet. Please try again in a moment.")
    if charge.state == Charge.State.CAPTURED:
        return _("This order is paid.")
    if charge.state != Charge.State.FAILED:
        return _("A payment for this order is under way.")
    if charge.attempt >= MOST_CARDS:
        return _("This order was tried with too many cards.")
    return _("The time to pay with another card is over.")


@emits(RefundPayment)
@transaction.atomic
def refund(
    order_id: UUID, amount: Decimal, reason: str, reference: str, *, limit: Decimal | None = None
) -> None:
    """Give a captured order's money back, in part or in full, because staff say so.

    `amount` is in the order's currency; `reference` is the caller's own name
    for this refund, so that asking twice gives back once. `limit` is what all
    refunds of staff on this order may come to, None: everything.
    Raises `NothingCaptured`, `WrongAmount`, `AboveLimit` or `RefundExists`.
    """
    with Charge.objects.get_or_create_for_update(pk=order_id) as charge:
        if charge.refunds.filter(reference=f"staff:{reference}").exists():
            raise RefundExists(f"refund {reference}: asked for before")
        _check_limit(charge, amount, limit)
        opened = charge.open_refund(f"staff:{reference}", amount, reason)
        emit(
            RefundPayment(
                order_id=order_id,
                refund_id=opened.id,
                amount=amount,
                currency=charge.currency,
                reason=reason,
            )
        )


def _check_limit(charge: Charge, amount: Decimal, limit: Decimal | None) -> None:
    by_staff = charge.refunds.filter(reference__startswith="staff:")
    given = by_staff.aggregate(sum=Sum("amount", default=Decimal(0)))["sum"]
    if limit is not None and given + amount > limit:
        raise AboveLimit(
            f"you may give back {limit} {charge.currency} of an order, and {given} went back before"
        )


def payment_in_detail(order_id: UUID) -> Charge | None:
    """Return the order's payment with its invoice and refunds, if anything is known of it."""
    whole = Charge.objects.select_related("invoice").prefetch_related("refunds", "disputes")
    return whole.filter(pk=order_id).first()


def invoice_pdf(order_id: UUID) -> tuple[str, bytes]:
    """Return the number of an order's invoice, and its PDF file in the order's language.

    Raises `NoInvoice` when there is none, or none yet.
    """
    invoice = Invoice.objects.filter(charge=order_id).first()
    snapshot = OrderSnapshot.objects.filter(pk=order_id).first()
    if invoice is None or snapshot is None:
        raise NoInvoice(_("There is no invoice for this order yet."))
    # The libraries of fonts and PDF files take 17 MB, which few processes need.
    from billing.invoices.pages import pdf_of

    with translation.override(snapshot.language):
        content = content_of(invoice, snapshot.ordered)
        return invoice.number, pdf_of(content, snapshot.language)


def payments_of(order_ids: Sequence[UUID]) -> QuerySet[Charge]:
    """Return the charges of these orders with their invoices."""
    return Charge.objects.filter(pk__in=order_ids).select_related("invoice")


def failed_refunds() -> int:
    """Count refunds that a bank sent back: their shoppers are without the money."""
    return Refund.objects.filter(state=Refund.State.FAILED).count()


def open_disputes() -> int:
    """Count disputes in which nobody has decided yet: the processor waits for evidence."""
    return Dispute.objects.filter(state__in=Dispute.GOING_ON).count()


def open_differences() -> int:
    """Count payments that the processor has otherwise than we have."""
    return Difference.open().count()


def pending_refunds() -> int:
    """Count refunds that the processor has not spoken of yet."""
    return Refund.objects.filter(state=Refund.State.PENDING).count()
