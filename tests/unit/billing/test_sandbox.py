"""The sandbox processor keeps honest books of its own."""

from decimal import Decimal

import pytest

from billing.gateway import Approved, Declined, GatewayUnavailable
from billing.models import SandboxOperation
from billing.sandbox import KeyReused, SandboxProcessor, UnknownHold
from billing.services import tokenize
from tests.unit.billing.facts import GOOD_CARD

pytestmark = pytest.mark.django_db
TEN = Decimal("10.00")
sandbox = SandboxProcessor()


def hold(key="k", card=GOOD_CARD, amount=TEN):
    return sandbox.authorize(key, token=tokenize(card).token, amount=amount, currency="EUR")


def test_same_key_gives_the_same_answer_and_does_nothing_twice():
    assert hold() == hold() == sandbox.find("k")
    assert SandboxOperation.objects.count() == 1


def test_same_key_with_other_parameters_is_a_bug():
    held = hold().reference
    with pytest.raises(KeyReused):
        hold(amount=TEN + 1)
    with pytest.raises(KeyReused):
        sandbox.void("k", authorization=held)


def test_operation_that_was_not_available_is_not_found_but_works_the_third_time():
    for _ in range(2):
        with pytest.raises(GatewayUnavailable):
            hold(card="4000 0000 0000 2594")
        assert sandbox.find("k") is None
    assert isinstance(hold(card="4000 0000 0000 2594"), Approved)


def test_operation_whose_answer_was_lost_is_found():
    with pytest.raises(GatewayUnavailable):
        hold(card="4000 0000 0000 7072")
    assert isinstance(sandbox.find("k"), Approved)


def test_no_more_is_taken_than_is_held():
    held = hold().reference
    assert sandbox.capture("c", authorization=held, amount=TEN + 1).code == "more_than_held"
    assert isinstance(sandbox.capture("c2", authorization=held, amount=TEN), Approved)
    assert sandbox.capture("c3", authorization=held, amount=TEN).code == "more_than_held"


def test_released_money_cannot_be_taken_nor_taken_money_released():
    released, taken = hold("a").reference, hold("b").reference
    sandbox.void("av", authorization=released)
    sandbox.capture("bc", authorization=taken, amount=TEN)
    assert sandbox.capture("ac", authorization=released, amount=TEN).code == "voided"
    assert sandbox.void("bv", authorization=taken).code == "captured"


def test_no_more_is_given_back_than_was_taken():
    held = hold().reference
    early = sandbox.refund("r0", authorization=held, amount=TEN)
    assert early == Declined("more_than_taken", early.reason)
    sandbox.capture("c", authorization=held, amount=TEN)
    assert isinstance(sandbox.refund("r1", authorization=held, amount=Decimal(6)), Approved)
    assert sandbox.refund("r2", authorization=held, amount=Decimal(6)).code == "more_than_taken"


def test_hold_that_was_never_made_is_named():
    with pytest.raises(UnknownHold):
        sandbox.void("v", authorization="pay_nowhere")
