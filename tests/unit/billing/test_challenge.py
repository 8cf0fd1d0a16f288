"""3-D Secure: the card's owner is asked, and answers once."""

import pytest

from billing import services
from billing.errors import NoOpenChallenge
from billing.events import (
    ChallengeConfirmed,
    OrderBilled,
    PaymentAuthorized,
    PaymentChallenged,
    PaymentFailed,
)
from eventbus.testing import emitted, given
from tests.unit.billing import facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def challenged(order_id):
    facts.try_to_charge(order_id, "4000 0000 0000 3220")
    assert len(emitted(PaymentChallenged)) == 1
    return order_id


def test_confirmed_payment_is_held_taken_and_billed(challenged):
    services.answer_challenge(challenged, confirmed=True)
    facts.settle_billing()
    assert len(emitted(PaymentAuthorized)) == len(emitted(OrderBilled)) == 1
    assert facts.moved(challenged, "capture") == facts.TOTAL


def test_payment_that_was_not_confirmed_fails_without_a_call(challenged):
    services.answer_challenge(challenged, confirmed=False)
    facts.settle_billing()
    assert [failed.code for failed in emitted(PaymentFailed)] == ["not_confirmed"]
    assert facts.moved(challenged, "authorize") == 0


@pytest.mark.parametrize("first", [True, False])
def test_owner_answers_once(challenged, first):
    services.answer_challenge(challenged, confirmed=first)
    with pytest.raises(NoOpenChallenge):
        services.answer_challenge(challenged, confirmed=True)
    facts.settle_billing()
    with pytest.raises(NoOpenChallenge):
        services.answer_challenge(challenged, confirmed=False)


def test_unknown_order_awaits_no_confirmation(order_id):
    with pytest.raises(NoOpenChallenge):
        services.answer_challenge(order_id, confirmed=True)


def test_cancelled_order_awaits_no_confirmation(challenged):
    given(facts.cancelled(challenged), to="billing")
    with pytest.raises(NoOpenChallenge):
        services.answer_challenge(challenged, confirmed=True)


def test_order_cancelled_right_after_the_confirmation_is_not_held(challenged):
    services.answer_challenge(challenged, confirmed=True)
    given(facts.cancelled(challenged), to="billing")
    facts.settle_billing()
    assert len(emitted(ChallengeConfirmed)) == 1
    assert facts.moved(challenged, "authorize") == 0
    assert facts.nothing_is_open(challenged)


def test_nobody_is_asked_to_confirm_for_an_order_cancelled_during_the_call(order_id, processor):
    cancelled = facts.cancelled(order_id)
    facts.emit_with_deliveries(cancelled)
    processor.troubles = [facts.on_the_way(cancelled)]
    given(facts.placed(order_id, "4000 0000 0000 3220"), to="billing")
    assert not emitted(PaymentChallenged)
