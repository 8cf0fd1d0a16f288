"""The way of the money: what the processor is asked, and when.

Generators for reactions to `yield from`. Each takes the locked charge with its
new facts, saves it, asks the processor outside any transaction, and records
the answer on the charge as it is by then: whoever records an answer also acts
on the facts that arrived during the call. After a crash a reaction runs again
from its start, and asks what became of its call before it calls again.
"""

from collections.abc import Callable, Iterable
from functools import partial
from operator import attrgetter

from django_fsm import can_proceed

from billing import adapters, answers, taking_up
from billing.gateway import Answer, Processor, Standing
from billing.models import Charge, Refund
from billing.nothing import NothingToPay
from eventbus import Event, ExternalCalls, emit

State = Charge.State
Operation = Callable[[str], Answer]


def authorize(charge: Charge) -> ExternalCalls:
    """Have the order's amount held, then take or give back what the facts of by then demand."""
    resumed = charge.state == State.AUTHORIZING
    if can_proceed(charge.begin_authorization):
        charge.begin_authorization()
    if charge.state == State.AUTHORIZING:
        charge.save()
        answer = yield _call(charge, charge.authorization_key, _hold(charge), resumed)
        charge = Charge.locked(charge.order_id)
        _emit_all(answers.record_authorization(charge, answer))
    yield from capture(charge)


def look_into(charge: Charge) -> ExternalCalls:
    """Something has become of a payment at the processor: ask what, and act on it."""
    if charge.state in (State.AUTHORIZED, State.CAPTURED):
        yield from _look_into_books(charge)
    if charge.state not in (State.AUTHORIZING, State.CHALLENGED):
        return
    attempt, key = charge.payment_id, charge.authorization_key
    answer = yield partial(_processor(charge).find, key)
    charge = Charge.locked(charge.order_id)
    if answer and charge.payment_id == attempt:
        _emit_all(answers.record_authorization(charge, answer))
    yield from capture(charge)


def capture(charge: Charge) -> ExternalCalls:
    """Take the money once everything that must come before was seen; give it back if stopped."""
    resumed = charge.state == State.CAPTURING
    if can_proceed(charge.begin_capture):
        charge.begin_capture()
    charge.save()
    if charge.state == State.CAPTURING:
        answer = yield _call(charge, charge.capture_key, _taking(charge), resumed)
        charge = Charge.locked(charge.order_id)
        _emit_all(answers.record_capture(charge, answer))
        charge.save()
    if charge.stopped:
        yield from give_back(charge)


def give_back(charge: Charge) -> ExternalCalls:
    """Release or refund the money of a stopped order; nothing where none is held or taken."""
    charge.save()
    if charge.state in _IN_FLIGHT:
        yield from _look_after(charge)
    elif charge.must_release:
        yield from _release(charge)
    elif charge.must_refund:
        yield from refund(charge, charge.refund_for_cancellation())


def refund(charge: Charge, refund: Refund | None) -> ExternalCalls:
    """Carry out an opened refund; nothing when there is none or it has ended.

    The processor's books come first: what has gone back there already, or cannot go back
    while a dispute is open, is not given back once more.
    """
    if refund is None or refund.state != Refund.State.PENDING:
        return
    answer = yield partial(_given_back, charge, refund)
    charge = Charge.locked(charge.order_id)
    if isinstance(answer, Standing):
        yield from _act_on(charge, answer)
        return
    _emit_all(answers.record_refund(charge, charge.refunds.get(pk=refund.pk), answer))
    charge.save()


def _given_back(charge: Charge, refund: Refund) -> Answer | Standing:
    """The outside call: the answer to it, or the books where they say that it is not to be made."""
    books = _standing(charge)
    is_there = any(there.key == refund.key for there in books.refunds)
    if is_there or refund.amount > books.left:
        return books
    return _returning(charge, refund)(refund.key)


def _look_into_books(charge: Charge) -> ExternalCalls:
    """Take up what has become of an approved hold at the processor."""
    payment_id = charge.payment_id
    books = yield partial(_standing, charge)
    charge = Charge.locked(charge.order_id)
    if charge.payment_id == payment_id:
        yield from _act_on(charge, books)


def _act_on(charge: Charge, books: Standing) -> ExternalCalls:
    """Take up what the books say, then give back what waited for it and is there now."""
    _emit_all(taking_up.take_up(charge, books))
    charge.save()
    left = books.left
    for waiting in charge.pending_refunds:
        if waiting.amount <= left:
            left -= waiting.amount
            yield from refund(charge, waiting)


def _emit_all(events: Iterable[Event]) -> None:
    for event in events:
        emit(event)


def _standing(charge: Charge) -> Standing:
    return _processor(charge).standing(authorization=charge.authorization, currency=charge.currency)


def _look_after(charge: Charge) -> ExternalCalls:
    """A call of another reaction's is under way: act on its answer if the processor has it.

    Otherwise that reaction will see that the order was stopped. It may also
    have lost its answer and been parked; then nobody else would give back.
    """
    key, record = _IN_FLIGHT[charge.state]
    answer = yield partial(_processor(charge).find, key(charge))
    if answer:
        charge = Charge.locked(charge.order_id)
        _emit_all(record(charge, answer))
        yield from give_back(charge)


def _release(charge: Charge) -> ExternalCalls:
    resumed = charge.state == State.VOIDING
    if can_proceed(charge.begin_void):
        charge.begin_void()
        charge.save()
    answer = yield _call(charge, charge.void_key, _releasing(charge), resumed)
    charge = Charge.locked(charge.order_id)
    _emit_all(answers.record_void(charge, answer))
    charge.save()


def _call(
    charge: Charge, key: str, operation: Operation | None, resumed: bool
) -> Callable[[], Answer | None]:
    """The outside call. An earlier run's call is looked up before it is made again.

    Answers None when `operation` is None and was never carried out.
    """

    def call() -> Answer | None:
        known = _processor(charge).find(key) if resumed else None
        return operation(key) if operation and not known else known

    return call


def _processor(charge: Charge) -> Processor:
    """Nobody outside need be asked where nothing is to be paid."""
    return adapters.processor() if charge.amount else NothingToPay()


def _hold(charge: Charge) -> Operation | None:
    if charge.stopped:
        return None
    return partial(
        _processor(charge).authorize,
        token=charge.card_token,
        amount=charge.amount,
        currency=charge.currency,
        challenge=charge.challenge,
    )


def _taking(charge: Charge) -> Operation | None:
    if charge.stopped:
        return None
    return partial(
        _processor(charge).capture, authorization=charge.authorization, amount=charge.amount
    )


def _releasing(charge: Charge) -> Operation:
    held = charge.authorization or charge.challenge
    return partial(_processor(charge).void, authorization=held)


def _returning(charge: Charge, refund: Refund) -> Operation:
    return partial(
        _processor(charge).refund, authorization=charge.authorization, amount=refund.amount
    )


#: Calls that another reaction may have under way: their key, and who records the answer.
_IN_FLIGHT = {
    State.AUTHORIZING: (attrgetter("authorization_key"), answers.record_authorization),
    State.CAPTURING: (attrgetter("capture_key"), answers.record_capture),
}
