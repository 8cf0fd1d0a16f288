"""The payment's steps: what the processor is asked, and when.

A step takes the locked charge and returns the next call to the processor, or None when there is
nothing to ask. `proceed` has the calls of many orders made outside any transaction and gives each
answer to the next step, with the charge as it is by then: whoever records an answer also acts on
the facts that arrived during the call. After a crash a reaction runs again from its start, and
asks what became of its call before it calls again.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple, Optional
from uuid import UUID

from django_fsm import can_proceed

from billing import adapters, erasure, external_changes, payment_results
from billing.free_payment import FreePaymentProcessor
from billing.gateway import Answer, Processor, Standing
from billing.models import Charge, Refund
from eventbus import Event, ExternalCalls, because_of, emit

State = Charge.State
Operation = Callable[[str], Answer]


class Call(NamedTuple):
    """A call to the processor, and the step that its answer is for."""

    make: Callable[[], Any]
    then: Callable[[Charge, Any], Optional["Call"]]


Step = Callable[[Charge], Call | None]


def proceed(events: Sequence[Any], step: Step, **facts: Any) -> ExternalCalls:
    """Note these facts on the charge of each event's order, and go on from the same step."""
    yield from proceed_each([(event, step) for event in events], **facts)


def proceed_each(
    steps: Sequence[tuple[Any, Step]], *, mostly_new: bool = False, **facts: Any
) -> ExternalCalls:
    """Take step by step from the first one for each event, until nothing is to be asked.

    For reactions to `yield from`. Each round of steps has a transaction of its own.
    `mostly_new`: nothing else is known of the orders by then, mostly.
    """
    calls = _take(steps, facts, mostly_new)
    while calls:
        answers = yield {event.id: call.make for event, call in calls}
        calls = _take(
            [
                (event, partial(_give, call.then, answers[event.id]))
                for event, call in calls
                if event.id in answers
            ]
        )


def _take(
    steps: Sequence[tuple[Any, Step]],
    facts: dict[str, Any] | None = None,
    mostly_new: bool = False,
) -> list[tuple[Any, Call]]:
    """Take a step for each event; returns the calls that they came to."""
    facts, calls = facts or {}, []
    ids = [event.order_id for event, _ in steps]
    many = Charge.objects.get_or_create_many_for_update(facts, mostly_new=mostly_new, pk=ids)
    with many as charges:
        for event, step in steps:
            charge = charges[event.order_id]
            for name, value in facts.items():
                setattr(charge, name, value)
            with because_of(event):
                if call := step(charge):
                    calls.append((event, call))
    return calls


def _give(then: Callable[[Charge, Any], Call | None], answer: Any, charge: Charge) -> Call | None:
    if charge.erased_at:
        # The call may have been made when its shopper was forgotten already.
        erasure.forget_card(charge.order_id)
    return then(charge, answer)


def authorize(charge: Charge) -> Call | None:
    """Have the order's amount held, then take or give back what the facts of by then demand."""
    resumed = charge.state == State.AUTHORIZING
    if can_proceed(charge.begin_authorization):
        charge.begin_authorization()
    if charge.state != State.AUTHORIZING:
        return capture(charge)
    call = _call(charge, charge.authorization_key, _hold(charge), resumed)
    return Call(call, _record_authorization)


def _record_authorization(charge: Charge, answer: Answer | None) -> Call | None:
    _emit_all(payment_results.record_authorization(charge, answer))
    return capture(charge)


def poll(charge: Charge) -> Call | None:
    """Ask what has become of a payment at the processor, and act on it."""
    if charge.state in (State.AUTHORIZED, State.CAPTURED):
        return Call(partial(_standing, charge), partial(_take_up, charge.payment_id))
    if charge.state in (State.AUTHORIZING, State.CHALLENGED):
        find = partial(_processor(charge).find, charge.authorization_key)
        return Call(find, partial(_record_found, charge.payment_id))
    return None


def _take_up(payment_id: UUID, charge: Charge, books: Standing) -> Call | None:
    return _act_on(charge, books) if charge.payment_id == payment_id else None


def _record_found(payment_id: UUID, charge: Charge, answer: Answer | None) -> Call | None:
    if answer and charge.payment_id == payment_id:
        _emit_all(payment_results.record_authorization(charge, answer))
    return capture(charge)


def capture(charge: Charge) -> Call | None:
    """Take the money once everything that must come before was seen; give it back if stopped."""
    resumed = charge.state == State.CAPTURING
    if can_proceed(charge.begin_capture):
        charge.begin_capture()
    if charge.state == State.CAPTURING:
        call = _call(charge, charge.capture_key, _taking(charge), resumed)
        return Call(call, _record_capture)
    return release_or_refund(charge) if charge.stopped else None


def _record_capture(charge: Charge, answer: Answer | None) -> Call | None:
    _emit_all(payment_results.record_capture(charge, answer))
    return release_or_refund(charge) if charge.stopped else None


def release_or_refund(charge: Charge) -> Call | None:
    """Release or refund the money of a stopped order; nothing where none is held or taken."""
    if charge.state in _IN_FLIGHT:
        return _find_in_flight(charge)
    if charge.must_release:
        return _release(charge)
    if charge.must_refund:
        return refund(charge, charge.refund_for_cancellation())
    return None


def refund(charge: Charge, *refunds: Refund | None) -> Call | None:
    """Carry out opened refunds, one after the other; those that have ended are passed over.

    The processor's books come first: what has gone back there already, or cannot go back
    while a dispute is open, is not given back once more.
    """
    pending = [each for each in refunds if each and each.state == Refund.State.PENDING]
    if not pending:
        return None
    first, *rest = pending
    return Call(partial(_given_back, charge, first), partial(_record_refund, first, rest))


def _record_refund(
    refunded: Refund, rest: Sequence[Refund], charge: Charge, answer: Answer | Standing
) -> Call | None:
    if isinstance(answer, Standing):
        return _act_on(charge, answer)
    _emit_all(payment_results.record_refund(charge, charge.refunds.get(pk=refunded.pk), answer))
    return refund(charge, *rest)


def _given_back(charge: Charge, refund: Refund) -> Answer | Standing:
    """Return the outside call's answer, or the books where they say that it is not to be made."""
    books = _standing(charge)
    is_there = any(there.key == refund.key for there in books.refunds)
    if is_there or refund.amount > books.left:
        return books
    return _returning(charge, refund)(refund.key)


def _act_on(charge: Charge, books: Standing) -> Call | None:
    """Take up what the books say, then give back what waited for it and is there now."""
    _emit_all(external_changes.apply_books(charge, books))
    left, fitting = books.left, []
    for waiting in charge.pending_refunds:
        if waiting.amount <= left:
            left -= waiting.amount
            fitting.append(waiting)
    return refund(charge, *fitting)


def _emit_all(events: Iterable[Event]) -> None:
    for event in events:
        emit(event)


def _standing(charge: Charge) -> Standing:
    return _processor(charge).standing(authorization=charge.authorization, currency=charge.currency)


def _find_in_flight(charge: Charge) -> Call:
    """Act on the answer to another reaction's call under way, if the processor has it.

    Otherwise that reaction will see that the order was stopped. It may also
    have lost its answer and been parked; then nobody else would give back.
    """
    key, record = _IN_FLIGHT[charge.state]
    return Call(partial(_processor(charge).find, key(charge)), partial(_record_in_flight, record))


def _record_in_flight(record: Callable, charge: Charge, answer: Answer | None) -> Call | None:
    if not answer:
        return None
    _emit_all(record(charge, answer))
    return release_or_refund(charge)


def _release(charge: Charge) -> Call:
    resumed = charge.state == State.VOIDING
    if can_proceed(charge.begin_void):
        charge.begin_void()
    return Call(_call(charge, charge.void_key, _releasing(charge), resumed), _record_void)


def _record_void(charge: Charge, answer: Answer) -> None:
    _emit_all(payment_results.record_void(charge, answer))


def _call(
    charge: Charge, key: str, operation: Operation | None, resumed: bool
) -> Callable[[], Answer | None]:
    """Return the outside call. An earlier run's call is looked up before it is made again.

    Answers None when `operation` is None and was never carried out.
    """

    def call() -> Answer | None:
        known = _processor(charge).find(key) if resumed else None
        return operation(key) if operation and not known else known

    return call


def _processor(charge: Charge) -> Processor:
    """Return who is to be asked; nobody outside where nothing is to be paid."""
    return adapters.processor() if charge.amount else FreePaymentProcessor()


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
    State.AUTHORIZING: (attrgetter("authorization_key"), payment_results.record_authorization),
    State.CAPTURING: (attrgetter("capture_key"), payment_results.record_capture),
}
