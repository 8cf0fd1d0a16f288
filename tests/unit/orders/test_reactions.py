"""An order's way, whatever the order in which the facts arrive."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed
from hypothesis import given as for_all
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from billing.events import (
    OrderBilled,
    PaymentAuthorized,
    PaymentCompleted,
    PaymentRefunded,
    RefundFailed,
)
from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted, given, given_together
from inventory.events import Shortage, StockRejected, StockReserved
from orders import events
from orders.models import Order
from orders.services import place_order, request_cancellation
from shipping.events import OrderDelivered, OrderShipped, ShipmentStopped
from tests.builders import order_details, order_line, order_lines
from tests.unit.orders.facts import authorized, failed, retried

pytestmark = pytest.mark.django_db

#: Databases have no deadlines on a busy machine.
unhurried = hypothesis_settings(deadline=None)


def billed(order):
    return OrderBilled(
        order_id=order.id,
        number=order.number,
        invoice_number="1",
        customer_id=None,
        email="",
        total=order.total.amount,
        currency="EUR",
    )


def captured(order):
    return PaymentCompleted(
        order_id=order.id, payment_id=uuid4(), amount=order.total.amount, currency="EUR"
    )


def shipped(order, complete=True):
    return OrderShipped(
        order_id=order.id,
        number=order.number,
        email="",
        parcel_id=uuid4(),
        carrier="c",
        tracking_number="t",
        lines=(),
        complete=complete,
    )


def delivered(order):
    return OrderDelivered(
        order_id=order.id,
        number=order.number,
        email="",
        parcel_id=uuid4(),
        tracking_number="t",
        complete=True,
    )


def refunded(order, amount, total):
    return PaymentRefunded(
        order_id=order.id,
        refund_id=uuid4(),
        payment_id=uuid4(),
        number=order.number,
        customer_id=None,
        email="",
        amount=amount,
        refunded_total=total,
        captured_total=order.total.amount,
        currency="EUR",
        reason="r",
    )


def sent_back(order, amount, total, revision):
    """The bank did not take it."""
    facts = refunded(order, amount, total).to_data() | {"revision": revision}
    return RefundFailed(**facts)


def rejected(order):
    return StockRejected(order_id=order.id, shortages=(Shortage(sku="A", wanted=2, available=1),))


def stopped(order):
    return ShipmentStopped(order_id=order.id)


def state_of(order) -> str:
    return Order.objects.get(pk=order.pk).state


class EveryOrder(TestCase):
    """Joins, in every order of arrival, each fact up to twice."""

    @unhurried
    @for_all(st.permutations([captured, billed, shipped, delivered, delivered, billed]))
    def test_it_completes_once(self, facts):
        order = place_order(order_details())
        for fact in facts:
            given(fact(order), to="orders", times=2)
        assert state_of(order) == "completed"
        assert len(emitted(events.OrderCompleted)) == 1

    @unhurried
    @for_all(st.permutations([captured, billed, stopped, stopped]))
    def test_requested_cancellation_that_shipping_grants_ends_refunded(self, facts):
        order = place_order(order_details())
        request_cancellation(order.id)
        for fact in facts:
            given(fact(order), to="orders")
        given(refunded(order, Decimal("30.40"), Decimal("30.40")), to="orders")
        assert state_of(order) == "refunded"
        assert len(emitted(events.OrderCancelled)) == 1

    @unhurried
    @for_all(st.permutations([captured, billed, shipped, delivered]))
    def test_requested_cancellation_that_comes_too_late_is_refused_and_the_order_completes(
        self, facts
    ):
        order = place_order(order_details())
        request_cancellation(order.id)
        for fact in facts:
            given(fact(order), to="orders")
        assert state_of(order) == "completed"
        assert len(emitted(events.CancellationRefused)) == 1
        assert not emitted(events.OrderCancelled)

    @unhurried
    @for_all(st.permutations([failed, rejected, failed, rejected]))
    def test_two_reasons_to_cancel_cancel_once(self, facts):
        order = place_order(order_details())
        for fact in facts:
            given(fact(order), to="orders")
        assert state_of(order) == "cancelled"
        assert len(emitted(events.OrderCancelled)) == 1

    @unhurried
    @for_all(st.permutations([(10, 10), (15, 25), (Decimal("5.40"), Decimal("30.40"))]))
    def test_partial_refunds_add_up_in_any_order(self, refunds):
        order = place_order(order_details())
        for fact in (captured, billed, shipped, delivered):
            given(fact(order), to="orders")
        for amount, total in refunds:
            given(refunded(order, Decimal(amount), Decimal(total)), to="orders")
        assert state_of(order) == "refunded"


def test_facts_that_come_together_end_each_order_because_of_its_own_last_one():
    soft = (*order_lines([("A", 1)]), order_line(2, "B", requires_shipping=False))
    orders = [place_order(order_details()), place_order(order_details(lines=soft))]
    request_cancellation(orders[0].id)
    last = [delivered(order) for order in orders]
    facts = [fact(order) for fact in (shipped, billed, captured) for order in orders]
    given_together(*facts, *last, to="orders")
    assert {state_of(order) for order in orders} == {"completed"}
    assert [e.order_id for e in emitted(events.CancellationRefused)] == [orders[0].id]
    assert [e.order_id for e in emitted(events.GoodsReleased)] == [orders[1].id]
    ended = emitted(events.OrderCompleted)
    causes = [OutboxEvent.objects.get(id=event.id).causation_id for event in ended]
    assert causes == [event.id for event in last]


def test_cards_authorised_together_count_if_they_are_their_orders_newest():
    new, old = place_order(order_details()), place_order(order_details())
    given(retried(old, 3), to="orders")
    given_together(authorized(new), authorized(old, 2), authorized(new, 2), to="orders")
    found = Order.objects.in_bulk([new.pk, old.pk])
    assert (found[new.pk].payment_attempt, found[old.pk].payment_attempt) == (2, 3)
    assert found[new.pk].authorized_at == emitted(PaymentAuthorized)[-1].occurred_at
    assert found[old.pk].authorized_at is None


@pytest.fixture
def order(details):
    return place_order(details)


def test_cancelled_order_says_why(order):
    given(rejected(order), to="orders")
    event = emitted(events.OrderCancelled)[0]
    assert event.reason == "out_of_stock"
    assert event.detail == "Not enough in stock: Apple (1 of 2)."


def test_part_shipment_does_not_make_it_shipped(order):
    given(billed(order), shipped(order, complete=False), to="orders")
    assert state_of(order) == "paid"


def test_expired_order_asks_shipping_to_stop(order):
    given(events.ShippingDeadlineReached(order_id=order.id), to="orders")
    assert emitted(events.CancellationRequested)[0].reason == "expired"
    given(stopped(order), to="orders")
    assert emitted(events.OrderCancelled)[0].reason == "expired"


def test_expiry_after_the_end_changes_nothing(order):
    given(rejected(order), events.ShippingDeadlineReached(order_id=order.id), to="orders")
    assert state_of(order) == "cancelled"


def test_stock_is_noted(order):
    given(StockReserved(order_id=order.id, lines=()), to="orders")
    assert Order.objects.get().stock_held_at


def test_illegal_transition_is_refused_by_name(order):
    with pytest.raises(TransitionNotAllowed, match="complete"):
        order.complete()


def test_state_cannot_be_set_by_hand(order):
    with pytest.raises(AttributeError):
        order.state = "completed"


def test_reaction_to_an_unknown_order_fails_and_is_retried(order):
    other = Order(id=uuid4(), number="9", total=order.total)
    with pytest.raises(AssertionError, match="no order"), transaction.atomic():
        given(billed(other), to="orders")


@pytest.mark.parametrize("late", [False, True])
def test_order_is_refunded_no_more_when_the_bank_sends_the_money_back(order, late):
    total = order.total.amount
    back = refunded(order, total, total).model_copy(update={"revision": 1})
    news = [back, sent_back(order, total, Decimal(0), 2)]
    given(rejected(order), *(reversed(news) if late else news), to="orders")
    row = Order.objects.get(pk=order.pk)
    assert (row.state, row.refunded_total) == ("cancelled", 0)
    assert row.refund_failed_at is not None
    given(refunded(order, total, total).model_copy(update={"revision": 3}), to="orders")
    row = Order.objects.get(pk=order.pk)
    assert (row.state, row.refund_failed_at) == ("refunded", None)
