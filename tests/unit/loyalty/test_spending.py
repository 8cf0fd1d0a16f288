"""Points that pay for orders: taken once, given back once, never below nothing."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import given as for_all
from hypothesis import settings as bounded
from hypothesis import strategies as st

from eventbus.testing import emitted, given, redeliver
from loyalty.events import (
    PointsEarned,
    PointsRedeemed,
    PointsRejected,
    PointsReturned,
    PointsReversed,
)
from loyalty.models import Account, OrderPoints
from tests.unit.loyalty.facts import billed, cancelled, claimed, placed, refunded, returned
from tests.unit.loyalty.test_points import arrive, balance
from tests.workers import messages, side_by_side

pytestmark = pytest.mark.django_db

ORDER = UUID(int=1)


@pytest.fixture
def rich():
    """A customer with 100 points of an earlier order."""
    earlier = uuid4()
    given(billed(earlier, "100"), to="loyalty")
    return earlier


def test_an_order_takes_the_points_it_is_paid_with(rich):
    given(placed(ORDER, 30), to="loyalty")
    assert balance() == 70
    assert [(e.points, e.balance, e.revision) for e in emitted(PointsRedeemed)] == [(30, 70, 2)]


def test_an_order_placed_without_points_is_none_of_our_business():
    given(placed(ORDER, 0), to="loyalty")
    assert not OrderPoints.objects.exists()


def test_too_few_points_are_rejected_and_none_is_taken(rich):
    given(placed(ORDER, 101), to="loyalty")
    assert balance() == 100
    assert [(e.wanted, e.balance) for e in emitted(PointsRejected)] == [(101, 100)]
    assert not emitted(PointsRedeemed)


def test_all_points_may_be_spent(rich):
    given(placed(ORDER, 100), to="loyalty")
    assert balance() == 0


def test_who_never_had_points_has_none_to_spend():
    given(placed(ORDER, 1), to="loyalty")
    assert [(e.wanted, e.balance) for e in emitted(PointsRejected)] == [(1, 0)]


def test_the_same_points_pay_for_one_order_only(rich):
    given(placed(ORDER, 60), placed(uuid4(), 60), to="loyalty")
    assert (len(emitted(PointsRedeemed)), len(emitted(PointsRejected))) == (1, 1)
    assert balance() == 40


def test_a_cancelled_order_gives_its_points_back_once(rich):
    given(placed(ORDER, 30), cancelled(ORDER), to="loyalty")
    assert balance() == 100
    assert [(e.points, e.balance) for e in emitted(PointsReturned)] == [(30, 100)]


def test_an_order_cancelled_before_it_was_seen_takes_nothing(rich):
    given(cancelled(ORDER), placed(ORDER, 30), to="loyalty")
    assert balance() == 100
    assert not emitted(PointsRedeemed)
    assert not emitted(PointsReturned)


def test_returned_goods_give_back_their_share_and_never_more_than_was_taken(rich):
    given(placed(ORDER, 30), returned(ORDER, 10), returned(ORDER, 25), to="loyalty")
    assert [e.points for e in emitted(PointsReturned)] == [10, 20]
    assert balance() == 100


def test_a_billed_order_paid_in_part_with_points_earns_for_its_money_only(rich):
    given(placed(ORDER, 30), billed(ORDER, "12.50"), to="loyalty")
    assert balance() == 100 - 30 + 12


def test_a_cancelled_billed_order_takes_back_what_it_earned_and_returns_what_it_cost(rich):
    given(placed(ORDER, 30), billed(ORDER, "12.50"), cancelled(ORDER), to="loyalty")
    assert balance() == 100


def test_points_spent_meanwhile_are_not_taken_below_nothing_but_owed(rich):
    given(placed(ORDER, 80), refunded(rich, "100", "100"), to="loyalty")
    assert balance() == 0
    assert [e.points for e in emitted(PointsReversed)] == [20]
    assert OrderPoints.objects.get(pk=rich).owed == 80


def test_what_is_owed_is_taken_from_the_next_points_gained(rich):
    given(placed(ORDER, 80), refunded(rich, "100", "100"), to="loyalty")
    given(billed(uuid4(), "50"), to="loyalty")
    assert balance() == 0
    assert OrderPoints.objects.get(pk=rich).owed == 30
    given(billed(uuid4(), "50"), to="loyalty")
    assert balance() == 20
    assert OrderPoints.objects.get(pk=rich).owed == 0


def test_points_that_come_back_pay_what_is_owed_first(rich):
    given(placed(ORDER, 80), refunded(rich, "100", "100"), cancelled(ORDER), to="loyalty")
    assert balance() == 0
    assert not OrderPoints.objects.filter(owed__gt=0).exists()


@bounded(max_examples=25, deadline=None)
@for_all(data=st.data())
def test_every_order_of_arrival_of_a_cancelled_order_gives_all_points_back(data):
    with transaction.atomic():
        given(billed(uuid4(), "100"), to="loyalty")
        facts = [placed(ORDER, 30), billed(ORDER, "12"), cancelled(ORDER)]
        arrive(data.draw(st.permutations(facts * 2)))
        assert balance() == 100
        taken = sum(e.points for e in emitted(PointsRedeemed))
        assert taken == sum(e.points for e in emitted(PointsReturned))
        transaction.set_rollback(True)


@bounded(max_examples=25, deadline=None)
@for_all(data=st.data())
def test_whatever_comes_in_whatever_order_no_balance_is_negative_and_nothing_is_stuck(data):
    """Orders that earn, spend, are refunded and cancelled, of one customer."""
    with transaction.atomic():
        first, second = uuid4(), uuid4()
        facts = [
            billed(first, "50"),
            refunded(first, "50", "50"),
            placed(second, 40),
            billed(second, "10"),
            cancelled(second),
        ]
        arrive(data.draw(st.permutations(facts)))
        assert balance() == 0
        assert not OrderPoints.objects.filter(owed__gt=0).exists()
        transaction.set_rollback(True)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_claimed_guest_order_brings_its_points_whenever_it_is_billed(order):
    facts = [billed(ORDER, "27.99", customer=None), claimed(ORDER)]
    given(*(facts[n] for n in order), to="loyalty")
    assert balance() == 27
    assert [e.customer_id for e in emitted(PointsEarned)] == ["ada"]


def test_orders_claimed_together_each_bring_their_points_once():
    orders = [uuid4() for _ in range(3)]
    given(*(billed(order, "10", customer=None) for order in orders), to="loyalty")
    claim = claimed(*orders)
    given(claim, to="loyalty")
    redeliver(claim, to="loyalty")
    assert balance() == 30


def test_a_claimed_order_that_is_refunded_later_takes_its_points_back():
    given(billed(ORDER, "27.99", customer=None), claimed(ORDER), to="loyalty")
    given(refunded(ORDER, "27.99", "27.99", customer=None), to="loyalty")
    assert balance() == 0


@pytest.mark.django_db(transaction=True)
def test_orders_that_spend_the_same_points_side_by_side_spend_them_once():
    given(billed(uuid4(), "100"), to="loyalty")
    waiting = messages(*(placed(uuid4(), 60) for _ in range(10)))
    side_by_side("loyalty", (waiting[:5], waiting[5:]))
    assert (len(emitted(PointsRedeemed)), len(emitted(PointsRejected))) == (1, 9)
    assert Account.objects.get().balance == 40
