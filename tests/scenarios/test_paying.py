"""Orders paid in every way there is: whatever happens in whatever order, each ends, and adds up."""

from contextlib import suppress
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import given as for_all
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from billing import services as billing
from billing.errors import CannotPayAgain, NoOpenChallenge
from billing.events import OrderBilled, PaymentCompleted, PaymentRefunded
from billing.services import tokenize
from eventbus.testing import emitted, resume, settle
from loyalty.models import Account
from orders.errors import CannotCancel
from orders.events import OrderCancelled
from orders.models import Order
from orders.services import claim_orders, request_cancellation, request_return
from tests.scenarios.conftest import APPROVED, CHALLENGED, DECLINED, broken_rules, buy, state_of

ENDS = ("completed", "cancelled", "refunded")
WITH_CODE = {"percent_off": 10}
WITH_POINTS = {"points": 20, "points_value": Decimal("0.20")}
NOTHING_LEFT = {"card": None, "percent_off": 100}


def points() -> int:
    return Account.objects.get(pk="ada").balance


@pytest.fixture
def rich():
    """Ada has 30 points of an order that was completed."""
    buy()
    settle()
    assert points() == 30


def test_another_card_completes_the_order():
    order = buy(DECLINED)
    settle()
    billing.pay_again(order.id, tokenize(APPROVED))
    settle()
    settle(scheduled=True)
    assert state_of(order) == "completed"
    assert len(emitted(PaymentCompleted)) == 1
    assert not broken_rules()


def test_second_card_may_be_challenged():
    order = buy(DECLINED)
    settle()
    billing.pay_again(order.id, tokenize(CHALLENGED))
    settle()
    billing.answer_challenge(order.id, confirmed=True)
    settle()
    assert state_of(order) == "completed"


def test_card_given_after_the_time_was_over_is_refused():
    order = buy(DECLINED)
    settle(scheduled=True)
    with pytest.raises(CannotPayAgain):
        billing.pay_again(order.id, tokenize(APPROVED))
    assert state_of(order) == "cancelled"


def test_card_given_as_the_order_is_cancelled_pays_for_nothing():
    """Billing has not heard of the cancellation when the shopper gives the card."""
    order = buy(DECLINED)
    settle()
    request_cancellation(order.id)
    settle(but=["billing"])
    billing.pay_again(order.id, tokenize(APPROVED))
    settle()
    catch_up("billing")
    assert state_of(order) in ("cancelled", "refunded")
    assert not broken_rules()


def catch_up(app):
    resume(app)
    settle()


def test_points_pay_a_part_and_the_money_earns_the_rest(rich):
    order = buy(**WITH_POINTS)
    settle()
    assert state_of(order) == "completed"
    assert emitted(OrderBilled)[-1].total == Decimal("30.30")
    assert points() == 30 - 20 + 30
    assert not broken_rules()


def test_too_few_points_cancel_the_order_and_say_so(rich):
    order = buy(points=31, points_value=Decimal("0.31"))
    settle()
    assert state_of(order) == "cancelled"
    assert emitted(OrderCancelled)[0].reason == "points"
    assert points() == 30
    assert not broken_rules()


def test_the_same_points_spent_twice_at_once_pay_one_order(rich):
    orders = [buy(**WITH_POINTS), buy(**WITH_POINTS)]
    settle()
    assert sorted(state_of(order) for order in orders) == ["cancelled", "completed"]
    assert not broken_rules()


def test_points_of_an_order_nobody_pays_come_back(rich):
    order = buy(DECLINED, **WITH_POINTS)
    settle()
    assert points() == 10
    settle(scheduled=True)
    assert state_of(order) == "cancelled"
    assert points() == 30
    assert not broken_rules()


def test_returned_goods_bring_their_points_back(rich):
    order = buy(**WITH_POINTS)
    settle()
    request_return(order.id, {1: 1, 2: 1})
    settle()
    assert state_of(order) == "refunded"
    assert points() == 30
    assert not broken_rules()


def test_refund_of_points_that_were_spent_meanwhile_leaves_no_negative_balance(rich):
    first = Order.objects.get()
    second = buy(points=30, points_value=Decimal("0.30"))
    settle(but=["billing"])
    request_return(first.id, {1: 1, 2: 1})
    settle()
    catch_up("billing")
    assert state_of(first) == "refunded"
    assert state_of(second) == "completed"
    assert points() == 0
    assert not broken_rules()


def test_order_with_nothing_left_to_pay_is_completed_without_a_card():
    order = buy(**NOTHING_LEFT)
    settle()
    assert state_of(order) == "completed"
    assert emitted(OrderBilled)[0].total == 0
    assert billing.invoice_pdf(order.id)[1].startswith(b"%PDF")
    assert not broken_rules()


def test_cancelled_order_with_nothing_to_pay_gives_nothing_back():
    order = buy(**NOTHING_LEFT)
    settle(but=["billing"])
    request_cancellation(order.id)
    settle(but=["billing"])
    catch_up("billing")
    assert state_of(order) == "cancelled"
    assert not emitted(PaymentRefunded)
    assert not broken_rules()


def test_claimed_guest_order_brings_its_points():
    buy(customer=None)
    settle()
    claim_orders("guest@example.com", "ada")
    settle()
    assert points() == 30
    assert not broken_rules()


def pay_with(card):
    def pay(order):
        with suppress(CannotPayAgain):
            billing.pay_again(order.id, tokenize(card))

    return pay


def confirm(order, confirmed=True):
    with suppress(NoOpenChallenge):
        billing.answer_challenge(order.id, confirmed)


def cancel(order):
    with suppress(CannotCancel):
        request_cancellation(order.id)


ACTS = st.sampled_from(
    [pay_with(APPROVED), pay_with(DECLINED), confirm, partial(confirm, confirmed=False), cancel]
)
WAYS = st.fixed_dictionaries(
    {
        "card": st.sampled_from([APPROVED, APPROVED, DECLINED, CHALLENGED]),
        "teapots": st.sampled_from([1, 1, 4]),
        "priced": st.sampled_from([{}, WITH_CODE, WITH_POINTS, {**WITH_CODE, **WITH_POINTS}]),
    }
)


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@for_all(
    seed=st.integers(0, 2**16),
    copies=st.integers(1, 2),
    ways=st.lists(WAYS, min_size=1, max_size=3),
    free=st.booleans(),
    acts=st.lists(st.tuples(ACTS, st.integers(0, 3)), max_size=5),
    late=st.sampled_from(["billing", "orders", "loyalty", "inventory"]),
)
def test_orders_of_all_kinds_end_and_add_up(seed, copies, ways, free, acts, late):
    """Shoppers act while one app may be off; then all is delivered, then the time is over."""
    with transaction.atomic():
        buy()
        settle()
        orders = [buy(w["card"], teapots=w["teapots"], **w["priced"]) for w in ways]
        if free:
            orders.append(buy(**NOTHING_LEFT))
        settle(seed=seed, copies=copies)
        for act, number in acts:
            act(orders[number % len(orders)])
            settle(seed=seed, copies=copies, but=[late])
        resume(late)
        settle(seed=seed, copies=copies, scheduled=True)
        assert {state_of(order) for order in orders} <= set(ENDS)
        assert not broken_rules()
        transaction.set_rollback(True)
