"""Shoppers, workers and clocks at the same moment, in real transactions: one wins, all adds up."""

from contextlib import suppress
from functools import partial

import pytest
from django.utils import timezone

from billing import services as billing
from billing.errors import CannotPayAgain
from billing.events import PaymentCompleted, PaymentRetried
from billing.services import tokenize
from eventbus import registry
from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted, resume, settle
from orders.errors import CannotCancel, CannotReturn
from orders.events import OrderCancelled, ReturnReceived, ReturnRequested
from orders.services import request_cancellation, request_return
from tests.scenarios.conftest import APPROVED, DECLINED, broken_rules, buy, small_shop, state_of
from tests.scenarios.test_paying import ENDS
from tests.unit.billing.test_race import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3


@pytest.fixture(autouse=True)
def _shop(settings, db):
    """Each test commits: it has a shop of its own."""
    small_shop(settings)


def all_at_once(*acts):
    """People act while three workers of each app are busy; then what is left is done."""
    at_once(*acts, *(partial(settle, seed=number) for number in range(3)))
    for app in registry.apps_with_reactions():
        resume(app)
    settle()


def pay(order, holder=""):
    with suppress(CannotPayAgain):
        billing.pay_again(order.id, tokenize(APPROVED, holder=holder))


def cancel(order):
    with suppress(CannotCancel):
        request_cancellation(order.id)


def send_back(order):
    with suppress(CannotReturn):
        request_return(order.id, {1: 1, 2: 1})


def test_order_cancelled_while_it_is_paid_and_shipped_is_either():
    for _ in range(ROUNDS):
        order = buy()
        all_at_once(partial(cancel, order))
        settle(scheduled=True)
        assert state_of(order) in ENDS
        assert not broken_rules()


def test_card_given_the_moment_its_time_is_over_pays_the_order_or_nothing():
    for _ in range(ROUNDS):
        order = buy(DECLINED)
        settle()
        overdue = OutboxEvent.objects.filter(
            type="orders.PaymentDeadlineReached", subject=str(order.id)
        )
        assert overdue.update(publish_after=timezone.now()) == 1
        all_at_once(partial(pay, order))
        assert state_of(order) in ENDS
        won = state_of(order) == "completed"
        assert len(emitted(OrderCancelled, order_id=order.id)) == (not won)
        assert not broken_rules()


def test_two_cards_given_in_two_tabs_as_the_order_is_cancelled_pay_at_most_once():
    for _ in range(ROUNDS):
        order = buy(DECLINED)
        settle()
        all_at_once(partial(pay, order), partial(pay, order, "bob"), partial(cancel, order))
        settle(scheduled=True)
        assert state_of(order) in ENDS
        assert len(emitted(PaymentRetried, order_id=order.id)) <= 1
        assert len(emitted(PaymentCompleted, order_id=order.id)) <= 1
        assert not broken_rules()


def test_return_asked_for_twice_at_once_goes_back_once():
    for _ in range(ROUNDS):
        order = buy()
        settle()
        all_at_once(*[partial(send_back, order)] * 2)
        assert len(emitted(ReturnRequested, order_id=order.id)) == 1
        assert len(emitted(ReturnReceived, order_id=order.id)) == 1
        assert state_of(order) == "refunded"
        assert not broken_rules()
