"""Where points or a promotion pay for everything no processor is asked, and all goes its way."""

from decimal import Decimal

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from billing.events import OrderBilled, PaymentAuthorized, PaymentCompleted, PaymentRefunded
from billing.models import SandboxOperation
from eventbus.testing import emitted, given
from tests.unit.billing import facts
from tests.unit.billing.test_any_order import arrive, few

pytestmark = pytest.mark.django_db


def placed(order_id):
    return facts.placed(order_id, card=None, total=Decimal(0))


@few
@for_all(order=st.permutations([placed, facts.reserved, facts.cleared]))
def test_in_any_order_it_is_authorised_taken_and_billed_at_nothing_once(order):
    with facts.rolled_back() as order_id:
        arrive(order_id, [(fact, copy) for fact in order for copy in (1, 2)])
        assert facts.charge_of(order_id).state == "captured"
        for kind in (PaymentAuthorized, PaymentCompleted):
            assert [event.amount for event in emitted(kind)] == [0]
        assert [event.total for event in emitted(OrderBilled)] == [0]
        assert not SandboxOperation.objects.exists()


@few
@for_all(order=st.permutations([placed, facts.reserved, facts.cleared, facts.cancelled]))
def test_cancelled_in_any_order_nothing_is_open_and_nothing_goes_back(order):
    with facts.rolled_back() as order_id:
        arrive(order_id, [(fact, 1) for fact in order])
        assert facts.nothing_is_open(order_id)
        assert not emitted(PaymentRefunded)
        assert not SandboxOperation.objects.exists()


def test_returned_goods_give_no_money_back(order_id):
    given(placed(order_id), facts.reserved(order_id), facts.cleared(order_id), to="billing")
    given(facts.returned(order_id, "0"), to="billing")
    assert not emitted(PaymentRefunded)


def test_order_with_something_to_pay_and_no_card_is_refused_and_may_be_paid_with_one(order_id):
    given(facts.placed(order_id, card=None), to="billing")
    assert facts.charge_of(order_id).decline_code == "no_card"
    assert facts.charge_of(order_id).may_pay_again
