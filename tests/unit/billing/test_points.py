"""An order paid in part with points: its money is taken only once the points are."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from billing.events import OrderBilled
from eventbus.testing import emitted, given
from tests.unit.billing import facts
from tests.unit.billing.test_any_order import TROUBLE, arrive, assert_no_money_is_kept, few

pytestmark = pytest.mark.django_db


def placed(order_id):
    return facts.placed(order_id, points=100)


def test_money_is_not_taken_before_the_points_are(order_id):
    given(placed(order_id), facts.reserved(order_id), facts.cleared(order_id), to="billing")
    assert facts.charge_of(order_id).state == "authorized"
    given(facts.redeemed(order_id), to="billing")
    assert len(emitted(OrderBilled)) == 1


@few
@for_all(
    order=st.permutations([placed, facts.reserved, facts.cleared, facts.redeemed]), trouble=TROUBLE
)
def test_in_any_order_the_money_is_taken_once(processor, order, trouble):
    with facts.rolled_back() as order_id:
        processor.troubles = list(trouble)
        arrive(order_id, [(fact, 1) for fact in order])
        assert facts.operations(order_id, "capture") == len(emitted(OrderBilled)) == 1


@few
@for_all(
    order=st.permutations([placed, facts.reserved, facts.cleared, facts.points_rejected]),
    trouble=TROUBLE,
)
def test_in_any_order_too_few_points_release_the_money(processor, order, trouble):
    with facts.rolled_back() as order_id:
        processor.troubles = list(trouble)
        arrive(order_id, [(fact, 1) for fact in order])
        assert facts.operations(order_id, "capture") == 0
        assert_no_money_is_kept(order_id)
