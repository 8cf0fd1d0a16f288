"""A call whose answer never came is asked about before it is repeated."""

import pytest

from billing.events import PaymentAuthorized, PaymentCompleted, PaymentVoided
from billing.models import SandboxOperation
from eventbus.delivery.models import Delivery
from eventbus.testing import emitted, given
from tests.unit.billing import facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(processor, monkeypatch):
    """The keys that the processor was asked about."""
    keys = []
    find = processor.find
    monkeypatch.setattr(processor, "find", lambda key: keys.append(key) or find(key))
    return keys


def test_first_call_asks_nothing_beforehand(order_id, asked):
    given(facts.placed(order_id), facts.reserved(order_id), facts.cleared(order_id), to="billing")
    assert asked == []


@pytest.mark.parametrize("trouble", ["lost", "killed"])
def test_hold_whose_answer_was_lost_is_found_not_made_again(order_id, processor, asked, trouble):
    placed = facts.placed(order_id)
    processor.troubles = [trouble]
    facts.emit_with_deliveries(placed)
    facts.deliver(placed)
    assert facts.charge_of(order_id).state == "authorizing"
    assert facts.deliver(placed) == "done"
    assert asked == [f"{order_id}:authorize"]
    assert facts.moved(order_id, "authorize") == facts.TOTAL
    assert len(emitted(PaymentAuthorized)) == 1


@pytest.mark.parametrize("trouble", ["lost", "killed"])
def test_money_taken_before_the_worker_died_is_not_taken_again(order_id, processor, trouble):
    given(facts.placed(order_id), facts.reserved(order_id), to="billing")
    processor.troubles = [trouble]
    cleared = facts.cleared(order_id)
    facts.emit_with_deliveries(cleared)
    facts.deliver(cleared)
    assert facts.moved(order_id, "capture") == facts.TOTAL
    assert not emitted(PaymentCompleted)
    assert facts.deliver(cleared) == "done"
    assert facts.operations(order_id, "capture") == 1
    assert len(emitted(PaymentCompleted)) == 1


def test_reaction_that_failed_while_recording_repeats_no_call(order_id, monkeypatch):
    given(facts.placed(order_id), facts.reserved(order_id), to="billing")
    cleared = facts.cleared(order_id)
    facts.emit_with_deliveries(cleared)
    with monkeypatch.context() as broken:
        broken.setattr("billing.payment_results._bill", lambda charge: 1 / 0)
        assert facts.deliver(cleared) == "failed"
    assert facts.deliver(cleared) == "done"
    assert facts.moved(order_id, "capture") == facts.charge_of(order_id).captured == facts.TOTAL


@pytest.mark.parametrize("operation", ["void", "refund"])
def test_money_given_back_before_the_worker_died_is_not_given_again(order_id, processor, operation):
    given(facts.placed(order_id), to="billing")
    if operation == "refund":
        given(facts.reserved(order_id), facts.cleared(order_id), to="billing")
    processor.troubles = ["killed"]
    cancelled = facts.cancelled(order_id)
    facts.emit_with_deliveries(cancelled)
    assert facts.deliver(cancelled) == "killed"
    assert facts.deliver(cancelled) == "done"
    assert facts.operations(order_id, operation) == 1
    assert facts.nothing_is_open(order_id)


def test_hold_of_a_parked_reaction_is_released_when_the_order_is_cancelled(order_id, processor):
    placed = facts.placed(order_id)
    processor.troubles = ["lost"]
    facts.emit_with_deliveries(placed)
    facts.deliver(placed)
    Delivery.objects.filter(event=placed.id).update(state="discarded")
    given(facts.cancelled(order_id), to="billing")
    assert facts.charge_of(order_id).state == "voided"
    assert len(emitted(PaymentVoided)) == 1


@pytest.mark.parametrize("fact", [facts.placed, facts.cleared], ids=["hold", "capture"])
def test_answer_that_somebody_else_recorded_first_is_no_failure(order_id, processor, fact):
    events = {each: each(order_id) for each in (facts.placed, facts.reserved, facts.cleared)}
    cancelled = facts.cancelled(order_id)
    for event in (*events.values(), cancelled):
        facts.emit_with_deliveries(event)
    for each, event in events.items():
        processor.troubles = [facts.on_the_way(cancelled, back=True)] if each is fact else []
        assert facts.deliver(event) == "done"
    assert facts.nothing_is_open(order_id)
    assert facts.moved(order_id, "capture") == facts.moved(order_id, "refund")


def test_call_of_a_cancelled_order_that_was_never_carried_out_is_not_made(order_id, processor):
    placed = facts.placed(order_id)
    processor.troubles = ["unavailable"]
    facts.emit_with_deliveries(placed)
    facts.deliver(placed)
    cancelled = facts.cancelled(order_id)
    facts.emit_with_deliveries(cancelled)
    assert facts.deliver(cancelled) == facts.deliver(placed) == "done"
    assert not SandboxOperation.objects.exists()
