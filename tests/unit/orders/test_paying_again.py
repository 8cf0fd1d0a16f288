"""After a refused payment an order waits for another card, for some time."""

from itertools import permutations

import pytest
from django.utils import timezone
from hypothesis import given as for_all
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted, given
from orders.events import (
    CancellationRequested,
    OrderCancelled,
    OrderCompleted,
    PaymentDeadlineReached,
)
from orders.models import Order
from orders.services import place_order, request_cancellation
from tests.builders import order_details
from tests.unit.orders.facts import authorized, refused, retried
from tests.unit.orders.test_reactions import billed, captured, delivered, shipped, stopped

pytestmark = pytest.mark.django_db

#: Databases have no deadlines on a busy machine.
unhurried = hypothesis_settings(deadline=None)


def fresh(order) -> Order:
    return Order.objects.get(pk=order.pk)


def overdue(order, attempt=1):
    return PaymentDeadlineReached(order_id=order.id, attempt=attempt)


@pytest.fixture
def order(details):
    return place_order(details)


def test_refused_payment_is_noted_and_the_order_waits(order):
    event = refused(order)
    given(event, to="orders")
    waiting = fresh(order)
    assert (waiting.state, waiting.can_pay_again) == ("placed", True)
    assert waiting.payment_failed_at == event.occurred_at
    assert waiting.payment_failed_code == "card_declined"
    assert waiting.payment_failed_reason == "The bank declined the card."
    assert waiting.pay_until == event.pay_until


def test_end_of_the_wait_is_scheduled(order):
    given(refused(order), to="orders")
    row = OutboxEvent.objects.get(type="orders.PaymentDeadlineReached")
    assert row.publish_after == fresh(order).pay_until


def test_order_nobody_paid_in_time_is_cancelled_and_says_why(order):
    given(refused(order), overdue(order), stopped(order), to="orders")
    event = emitted(OrderCancelled)[0]
    assert (event.reason, event.detail) == ("payment_failed", "The bank declined the card.")


def test_end_of_the_wait_asks_shipping_because_another_card_may_pay_just_now(order):
    given(refused(order), overdue(order), to="orders")
    assert emitted(CancellationRequested, order_id=order.id, reason="payment_failed")
    given(billed(order), shipped(order), delivered(order), to="orders")
    assert fresh(order).state == "completed"
    assert not emitted(OrderCancelled)


def test_another_card_ends_the_wait(order):
    given(refused(order), retried(order), overdue(order), to="orders")
    assert fresh(order).payment_failed_at is None
    assert not fresh(order).can_pay_again
    assert not emitted(OrderCancelled)


def test_another_card_that_is_refused_too_starts_a_new_wait(order):
    given(refused(order), retried(order), refused(order, 2), overdue(order, 1), to="orders")
    assert fresh(order).can_pay_again
    given(overdue(order, 2), stopped(order), to="orders")
    assert fresh(order).state == "cancelled"


def test_late_refusal_of_the_first_card_changes_nothing_for_the_second(order):
    given(retried(order), refused(order, 1), overdue(order, 1), to="orders")
    assert fresh(order).payment_failed_at is None
    assert fresh(order).state == "placed"


def test_late_news_of_the_second_card_does_not_undo_its_refusal(order):
    given(refused(order, 2), retried(order, 2), authorized(order, 2), refused(order), to="orders")
    assert fresh(order).payment_failed_at
    assert fresh(order).authorized_at is None


def test_refusal_when_the_money_was_to_be_taken_takes_the_authorization_back(order):
    given(authorized(order), refused(order), to="orders")
    assert fresh(order).authorized_at is None


def test_no_time_for_another_card_cancels_at_once(order):
    given(refused(order, within=None), to="orders")
    assert emitted(OrderCancelled)[0].reason == "payment_failed"


def test_order_placed_without_a_person_who_could_pay_again_is_cancelled_at_once():
    order = place_order(order_details(), pay_again=False)
    given(refused(order), to="orders")
    assert emitted(OrderCancelled)[0].reason == "payment_failed"
    assert not emitted(PaymentDeadlineReached)


def test_waiting_order_can_be_cancelled_by_its_shopper(order):
    given(refused(order), to="orders")
    request_cancellation(order.id)
    assert not fresh(order).can_pay_again
    given(stopped(order), overdue(order), to="orders")
    assert [event.reason for event in emitted(OrderCancelled)] == ["customer"]


def test_time_that_is_over_offers_no_other_card(order):
    given(refused(order), to="orders")
    Order.objects.update(pay_until=timezone.now())
    assert not fresh(order).can_pay_again


@pytest.mark.parametrize("facts", list(permutations([refused, captured, billed])))
def test_refusal_heard_of_late_harms_no_paid_order(order, facts):
    """The second card has paid; what we hear of the first, and when, does not matter."""
    given(*(fact(order) for fact in facts), overdue(order), to="orders")
    assert (fresh(order).state, fresh(order).payment_failed_at) == ("paid", None)


@pytest.mark.parametrize(
    "facts", [(captured, refused, overdue), (refused, captured, overdue), (overdue, captured)]
)
def test_order_whose_money_was_taken_is_not_cancelled_for_a_refusal_heard_of_late(order, facts):
    given(*(fact(order) for fact in facts), to="orders")
    assert fresh(order).state == "placed"


class EveryOrder(TestCase):
    """In every order of arrival, each fact up to twice."""

    @unhurried
    @for_all(st.permutations([refused, retried, captured, billed, shipped, delivered, overdue]))
    def test_an_order_paid_with_the_second_card_ends_once(self, facts):
        order = place_order(order_details())
        for fact in facts:
            given(fact(order), to="orders", times=2)
        assert fresh(order).state == "completed"
        assert len(emitted(OrderCompleted)) == 1
        assert not emitted(OrderCancelled)

    @unhurried
    @for_all(st.permutations([(refused, 1), (retried, 2), (refused, 2), (overdue, 1)]))
    def test_an_order_whose_cards_are_all_refused_ends_once(self, facts):
        order = place_order(order_details())
        for fact, attempt in facts:
            given(fact(order, attempt), to="orders", times=2)
        given(overdue(order, 2), stopped(order), to="orders", times=2)
        assert fresh(order).state == "cancelled"
        assert len(emitted(OrderCancelled)) == 1
