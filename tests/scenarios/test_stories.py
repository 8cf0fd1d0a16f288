"""The shop's stories, from the order to its end, told by all apps together."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import given as for_all
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from billing import services as billing
from billing.events import PaymentCompleted, PaymentRefunded, PaymentVoided
from eventbus.delivery.models import OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.testing import emitted, resume, settle
from fraud import services as fraud
from inventory.models import Stock
from loyalty.models import Account
from notifications.models import Mail
from orders.events import CancellationRefused, OrderCancelled
from orders.services import request_cancellation, request_return
from shipping.events import OrderShipped
from tests.scenarios.conftest import CHALLENGED, DECLINED, broken_rules, buy, state_of


def free(sku: str) -> int:
    return Stock.objects.get(pk=sku).on_hand


def mails(order) -> list[str]:
    return list(Mail.objects.filter(number=order.number).values_list("kind", flat=True))


def test_order_goes_from_placed_to_completed():
    order = buy()
    settle(scheduled=False)
    assert state_of(order) == "completed"
    assert free("TEAPOT") == 9
    assert Account.objects.get(pk="ada").balance == 30
    assert len(emitted(PaymentCompleted)) == len(emitted(OrderShipped)) == 1
    assert len(mails(order)) == len(set(mails(order))) >= 4
    assert not broken_rules()


def test_order_that_stock_cannot_serve_is_cancelled_and_costs_nothing():
    order = buy(teapots=11)
    settle()
    assert state_of(order) == "cancelled"
    assert emitted(OrderCancelled)[0].reason == "out_of_stock"
    assert not emitted(PaymentCompleted)
    assert free("CUP") == 20
    assert not broken_rules()


def test_declined_card_waits_for_another_and_keeps_the_stock_until_the_time_is_over():
    order = buy(DECLINED)
    settle()
    assert state_of(order) == "placed"
    assert free("TEAPOT") == 9
    settle(scheduled=True)
    assert state_of(order) == "cancelled"
    assert free("TEAPOT") == 10
    assert not broken_rules()


def test_challenged_payment_goes_on_when_confirmed():
    order = buy(CHALLENGED)
    settle()
    assert state_of(order) == "placed"
    billing.answer_challenge(order.id, confirmed=True)
    settle()
    assert state_of(order) == "completed"
    assert not broken_rules()


def test_challenged_payment_that_is_not_confirmed_cancels_in_the_end():
    order = buy(CHALLENGED)
    settle()
    billing.answer_challenge(order.id, confirmed=False)
    settle(scheduled=True)
    assert state_of(order) == "cancelled"
    assert free("TEAPOT") == 10


@pytest.fixture
def flagged(settings):
    settings.FRAUD_FLAG_SCORE = 0
    order = buy()
    settle()
    return order


def test_flagged_order_waits_for_staff_and_goes_on_when_cleared(flagged):
    assert state_of(flagged) == "placed"
    fraud.clear(flagged.id, by="staff")
    settle()
    assert state_of(flagged) == "completed"


def test_flagged_order_that_staff_refuse_is_cancelled(flagged):
    fraud.refuse(flagged.id, by="staff", why="stolen card")
    settle()
    assert state_of(flagged) == "cancelled"
    assert not emitted(PaymentCompleted)
    assert free("TEAPOT") == 10
    assert not broken_rules()


def test_order_refused_for_fraud_is_cancelled_and_its_hold_released(settings):
    settings.FRAUD_FLAG_SCORE = settings.FRAUD_REFUSE_SCORE = 0
    order = buy()
    settle()
    assert state_of(order) == "cancelled"
    assert len(emitted(PaymentVoided)) == 1
    assert not broken_rules()


def test_cancelled_before_billing_costs_nothing():
    order = buy()
    settle(but=["billing"])
    request_cancellation(order.id)
    settle(but=["billing"])
    _take_first("billing", "orders.OrderCancelled")
    resume("billing")
    settle()
    assert state_of(order) == "cancelled"
    assert not emitted(PaymentCompleted)
    assert free("TEAPOT") == 10
    assert not broken_rules()


def test_cancelled_after_billing_is_refunded_in_full():
    order = buy()
    settle(but=["shipping"])
    assert state_of(order) == "paid"
    request_cancellation(order.id)
    settle(but=["shipping"])
    assert state_of(order) == "cancelling"
    _take_first("shipping", "orders.CancellationRequested")
    resume("shipping")
    settle()
    assert state_of(order) == "refunded"
    assert emitted(PaymentRefunded)[0].amount == Decimal("30.50")
    assert Account.objects.get(pk="ada").balance == 0
    assert free("TEAPOT") == 10
    assert not broken_rules()


def _take_first(app: str, type: str) -> None:
    """Let one message overtake those before it in an app's queue."""
    handle(app, [Incoming(OutboxEvent.objects.get(type=type).envelope)])


def test_cancelling_after_the_parcel_left_is_refused_aloud():
    order = buy()
    settle(but=["orders"])
    # Orders has not heard that the parcel left; the shopper clicks cancel.
    request_cancellation(order.id)
    resume("orders")
    settle()
    assert state_of(order) == "completed"
    assert emitted(CancellationRefused)[0].order_id == order.id
    assert not emitted(OrderCancelled)
    assert not broken_rules()


def test_order_nobody_answers_expires_and_is_compensated(settings):
    settings.ORDER_EXPIRES_AFTER = timedelta(0)
    order = buy()
    settle(but=["billing"])
    assert state_of(order) == "cancelled"
    assert free("TEAPOT") == 10
    resume("billing")
    settle()
    assert not emitted(PaymentCompleted)
    assert state_of(order) == "cancelled"
    assert not broken_rules()


def test_part_of_a_delivered_order_goes_back():
    order = buy(teapots=2)
    settle()
    request_return(order.id, {1: 1})
    settle()
    assert state_of(order) == "completed"
    assert emitted(PaymentRefunded)[0].amount == Decimal("25.00")
    assert free("TEAPOT") == 9
    assert Account.objects.get(pk="ada").balance == 61 - 25
    assert not broken_rules()


def test_all_of_a_delivered_order_goes_back():
    order = buy()
    settle()
    request_return(order.id, {1: 1, 2: 1})
    settle()
    assert state_of(order) == "refunded"
    assert free("TEAPOT") == 10
    assert not broken_rules()


def test_guest_gets_mails_and_no_points():
    order = buy(customer=None)
    settle()
    assert state_of(order) == "completed"
    assert mails(order)
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    "app", ["billing", "shipping", "notifications", "inventory", "fraud", "loyalty", "analytics"]
)
def test_app_that_was_off_catches_up(app):
    orders = [buy(), buy()]
    settle(but=[app])
    resume(app)
    settle()
    assert {state_of(order) for order in orders} == {"completed"}
    assert not broken_rules()


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@for_all(
    seed=st.integers(0, 2**16),
    copies=st.integers(1, 2),
    cards=st.lists(st.sampled_from(["4242424242424242", "4000000000000002"]), max_size=2),
    cancel=st.booleans(),
)
def test_any_order_of_arrival_with_duplicates_keeps_every_promise(seed, copies, cards, cancel):
    with transaction.atomic():
        orders = [buy(card, teapots=4) for card in [*cards, "4242424242424242"]]
        if cancel:
            request_cancellation(orders[0].id)
        settle(seed=seed, copies=copies)
        settle(seed=seed, copies=copies, scheduled=True)
        assert all(state_of(o) in ("completed", "cancelled", "refunded") for o in orders)
        assert not broken_rules()
        transaction.set_rollback(True)
