"""Goods, codes and points that nobody pays for are free again after minutes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing import services as billing
from billing.models import Charge
from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted, resume, settle
from inventory.services import stock_of
from orders.events import OrderCancelled, PaymentDeadlineReached
from orders.services import keep_waiting
from pricing.models import Redemption
from tests.scenarios.conftest import CHALLENGED, DECLINED, broken_rules, buy, state_of


def free() -> int:
    return stock_of("TEAPOT").on_hand


def comes_due() -> None:
    """The end of each wait for a shopper has come; orders expire much later."""
    rows = OutboxEvent.objects.filter(type=PaymentDeadlineReached.type, published_at=None)
    rows.update(publish_after=timezone.now())
    settle()


@pytest.mark.parametrize("card", [CHALLENGED, DECLINED])
def test_unpaid_order_holds_nothing_after_minutes(card, settings):
    order = buy(card, teapots=9, percent_off=10)
    settle()
    assert free() == 1
    end = OutboxEvent.objects.get(type=PaymentDeadlineReached.type)
    assert end.publish_after <= timezone.now() + timedelta(minutes=15)
    comes_due()
    assert free() == 10
    assert state_of(order) == "cancelled"
    assert not Redemption.objects.filter(released_at=None).exists()
    assert not broken_rules()


def test_sign_of_life_holds_it_longer(settings):
    settings.PAYMENT_CHALLENGE_TIMEOUT = timedelta(minutes=5)
    order = buy(CHALLENGED, teapots=9)
    settle()
    settings.PAYMENT_CHALLENGE_TIMEOUT = timedelta(minutes=15)
    assert keep_waiting(order.id)
    comes_due()
    assert free() == 1
    comes_due()
    assert free() == 10


@pytest.mark.parametrize("off", ["orders", "shipping", "inventory", "billing"])
def test_payment_that_comes_as_the_wait_ends_is_given_back_and_nothing_is_sold_twice(off):
    order = buy(CHALLENGED, teapots=9)
    settle()
    OutboxEvent.objects.filter(type=PaymentDeadlineReached.type).update(
        publish_after=timezone.now()
    )
    settle(but=[off])
    other = buy(teapots=1)
    if Charge.objects.get(pk=order.id).state == "challenged":
        billing.answer_challenge(order.id, confirmed=True)
    settle(but=[off])
    resume(off)
    settle()
    settle(scheduled=True)
    assert state_of(order) in ("cancelled", "refunded", "completed")
    assert state_of(other) == "completed"
    assert stock_of("TEAPOT").reserved == 0
    assert not broken_rules()


def test_why_it_ended_is_said(settings):
    buy(CHALLENGED)
    settle()
    comes_due()
    assert "not confirmed with your bank in time" in emitted(OrderCancelled)[0].detail
