"""Orders of which a part never comes: closed before it was shipped, or lost on its way."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example
from hypothesis import given as for_all
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from billing import services as billing
from eventbus.testing import emitted, settle
from inventory.models import Stock
from loyalty.models import Account
from notifications.models import Mail
from orders.errors import CannotReturn
from orders.events import CancellationRefused, OrderCompleted, OrderReduced
from orders.models import Order, Return
from orders.services import order_for_page, request_cancellation, request_return
from shipping import services as shipping
from shipping.models import Parcel
from shop.storefront.models import OrderStatus
from shop.storefront.progress import OrderProgress
from tests.scenarios.conftest import broken_rules, buy, state_of
from tests.scenarios.model import people

FINAL = ("completed", "cancelled", "refunded")


@pytest.fixture
def part_shipped():
    """Two teapots at 25.00 and two cups at 5.50, billed; a teapot has been delivered."""
    return by_hand({1: 1})


def by_hand(units, **more):
    order = buy(teapots=2, **more)
    shipping.hold(order.id, by="staff")
    settle()
    shipping.ship_part(order.id, units, by="staff")
    settle()
    return order


def refunded(order) -> Decimal:
    return Order.objects.get(pk=order.pk).refunded_total


def test_a_cancelled_rest_is_closed_and_the_order_completes(part_shipped):
    request_cancellation(part_shipped.id)
    settle()
    assert state_of(part_shipped) == "completed"
    assert refunded(part_shipped) == Decimal("36.00")
    assert Stock.objects.get(pk="TEAPOT").reserved == Stock.objects.get(pk="CUP").reserved == 0
    assert Account.objects.get(pk="ada").balance == 25
    assert not emitted(CancellationRefused)
    assert len(emitted(OrderCompleted)) == 1
    assert Mail.objects.filter(kind="order_reduced").count() == 1
    assert not broken_rules()


def test_an_order_that_expires_in_part_ends_with_its_rest_closed(part_shipped):
    settle(scheduled=True)
    assert state_of(part_shipped) == "completed"
    assert emitted(OrderReduced)[0].reason == "expired"
    assert not broken_rules()


def test_what_staff_gave_back_for_the_rest_does_not_go_back_twice(part_shipped):
    billing.refund(part_shipped.id, Decimal("25.00"), "the other teapot", reference="a")
    settle()
    request_cancellation(part_shipped.id)
    settle()
    assert refunded(part_shipped) == Decimal("36.00")
    assert not broken_rules()


def test_more_than_the_rest_is_worth_by_hand_leaves_nothing_to_give_back(part_shipped):
    billing.refund(part_shipped.id, Decimal("40.00"), "sorry", reference="a")
    request_cancellation(part_shipped.id)
    settle()
    assert refunded(part_shipped) == Decimal("40.00")
    assert state_of(part_shipped) == "completed"
    assert not broken_rules()


def test_the_delivered_part_can_be_returned_and_the_closed_one_cannot(part_shipped):
    request_cancellation(part_shipped.id)
    settle()
    with pytest.raises(CannotReturn):
        request_return(part_shipped.id, {1: 2})
    request_return(part_shipped.id, {1: 1})
    settle()
    assert refunded(part_shipped) == Decimal("61.00")
    assert state_of(part_shipped) == "refunded"
    assert Stock.objects.get(pk="TEAPOT").on_hand == 10
    assert not broken_rules()


def test_what_was_asked_to_go_back_and_never_comes_is_asked_for_no_more(part_shipped):
    request_return(part_shipped.id, {1: 2, 2: 1})
    request_cancellation(part_shipped.id)
    settle()
    assert sorted(Return.objects.values_list("state", flat=True)) == ["received", "void"]
    assert refunded(part_shipped) == Decimal("61.00")
    assert not broken_rules()


def test_a_rest_may_be_closed_without_money_or_stock_going_back(part_shipped):
    request_cancellation(part_shipped.id, reason="staff", restock=False, refund=False)
    settle()
    assert state_of(part_shipped) == "completed"
    assert refunded(part_shipped) == 0
    assert Stock.objects.get(pk="TEAPOT").on_hand == 8
    assert not broken_rules()


@pytest.fixture
def _slow_carrier(settings):
    settings.CARRIER_TRANSIT = timedelta(days=1)


@pytest.mark.usefixtures("_slow_carrier")
def test_a_lost_parcel_ends_the_order_and_brings_its_money(settings):
    order = by_hand({1: 2})
    shipping.ship_part(order.id, {2: 2}, by="staff")
    settle()
    shipping.give_up_parcel(Parcel.objects.first().id, by="staff")
    settle()
    assert state_of(order) == "shipped"
    settings.CARRIER_TRANSIT = timedelta(0)
    settle(scheduled=True)
    assert state_of(order) == "completed"
    assert refunded(order) == Decimal("50.00")
    assert not broken_rules()


@pytest.mark.usefixtures("_slow_carrier")
def test_an_order_that_was_lost_altogether_is_refunded_in_full():
    order = buy(teapots=2, shipping_cost=Decimal("4.90"))
    settle()
    shipping.give_up_parcel(Parcel.objects.get().id, by="staff")
    settle()
    assert state_of(order) == "refunded"
    assert refunded(order) == Decimal("65.90")
    assert story_of(order).headline == "We are sorry: your order was lost"
    assert not broken_rules()


def test_the_page_tells_what_will_not_come(part_shipped):
    request_cancellation(part_shipped.id)
    settle()
    (step,) = [step for step in story_of(part_shipped).steps if step.key == "reduced"]
    assert "1 × Teapot, 2 × Cup" in step.text


def story_of(order) -> OrderProgress:
    status = OrderStatus.objects.filter(pk=order.id).first() or OrderStatus(order_id=order.id)
    return OrderProgress(order_for_page(order.id), status, [])


ACTS = {**people.SHOPPER, **people.STAFF, "messages arrive": None, "time passes": None}


@hypothesis_settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@for_all(
    story=st.lists(
        st.sampled_from(sorted(set(ACTS) - set(people.SHOPPER) | {"cancels"})), max_size=6
    ),
    seed=st.integers(0, 2**16),
    copies=st.integers(1, 2),
)
@example(["ship one teapot", "give a teapot's price back", "cancels"], 0, 1)
@example(["ship one teapot", "put it on hold", "time passes"], 1, 2)
@example(["ship one teapot", "cancels", "take a parcel for lost"], 2, 2)
@example(["ship one teapot", "cancels", "ship the rest", "cancel it"], 3, 1)
@example(["ship one teapot", "ship the rest", "take a parcel for lost", "cancels"], 4, 2)
@example(["cancels", "messages arrive", "ship one teapot"], 5, 1)
def test_whatever_becomes_of_its_parts_every_order_ends(story, seed, copies):
    """Shipped, delivered, lost, refunded by hand, held, expired, cancelled, returned."""
    with transaction.atomic():
        order = buy(teapots=2)
        shipping.hold(order.id, by="staff")
        settle()
        pass_on = partial(settle, seed=seed, copies=copies)
        for act in story:
            {
                "messages arrive": lambda _: pass_on(),
                "time passes": lambda _: pass_on(scheduled=True),
            }.get(act, ACTS[act])(order.id)
        pass_on()
        pass_on(scheduled=True)
        assert state_of(order) in FINAL
        people.send_back(order.id, units=1)
        pass_on(scheduled=True)
        assert state_of(order) in FINAL
        assert not broken_rules()
        transaction.set_rollback(True)
