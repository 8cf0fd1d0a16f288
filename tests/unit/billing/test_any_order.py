"""In whatever order facts arrive, however often, and whatever befalls the calls."""

from functools import partial
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.events import (
    OrderBilled,
    PaymentAuthorized,
    PaymentCompleted,
    PaymentFailed,
    PaymentRefunded,
    PaymentVoided,
)
from billing.models import Charge, Invoice, OrderSnapshot
from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted, given_together
from orders.events import OrderPlaced
from tests.unit.billing import facts

pytestmark = pytest.mark.django_db

#: A fact twice under one id is a duplicate message, under two ids it was emitted twice.
FACTS = [facts.placed, facts.reserved, facts.cleared]
TROUBLE = st.lists(st.sampled_from([None, "unavailable", "lost", "killed"]), max_size=4)

few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def arrive(order_id, arrivals):
    """React to facts in this order, then to what did not end well until it does."""
    events = {arrival: arrival[0](order_id) for arrival in arrivals}
    for event in events.values():
        facts.emit_with_deliveries(event)
    for arrival in arrivals:
        facts.deliver(events[arrival])
    facts.insist(*events.values())


def arrivals_of(*wanted):
    """These facts in any order, each once or emitted again, some messages doubled."""
    return st.lists(
        st.tuples(st.sampled_from(wanted), st.sampled_from([1, 1, 2])), max_size=4
    ).flatmap(lambda more: st.permutations([(fact, 1) for fact in wanted] + more))


@few
@given(arrivals=arrivals_of(*FACTS), trouble=TROUBLE)
def test_money_is_taken_once_when_the_join_is_complete(processor, arrivals, trouble):
    with facts.rolled_back() as order_id:
        processor.troubles = list(trouble)
        arrive(order_id, arrivals)
        assert facts.charge_of(order_id).state == "captured"
        assert facts.operations(order_id, "capture") == 1
        assert facts.moved(order_id, "capture") == facts.TOTAL
        assert len(emitted(PaymentCompleted)) == len(emitted(OrderBilled)) == 1


@few
@given(arrivals=arrivals_of(*FACTS, facts.cancelled), trouble=TROUBLE)
def test_cancelled_order_keeps_no_money(processor, arrivals, trouble):
    with facts.rolled_back() as order_id:
        processor.troubles = list(trouble)
        arrive(order_id, arrivals)
        assert_no_money_is_kept(order_id)


@few
@given(
    arrivals=arrivals_of(*FACTS),
    trouble=TROUBLE,
    call=st.integers(0, 2),
    back=st.booleans(),
)
def test_order_cancelled_during_a_call_keeps_no_money(processor, arrivals, trouble, call, back):
    with facts.rolled_back() as order_id:
        cancelled = facts.cancelled(order_id)
        facts.emit_with_deliveries(cancelled)
        during = facts.on_the_way(cancelled, back=back)
        processor.troubles = [*trouble[:call], during, *trouble[call:]]
        arrive(order_id, arrivals)
        facts.insist(cancelled)
        assert_no_money_is_kept(order_id)


@pytest.mark.parametrize("back", [True, False])
@pytest.mark.parametrize("fact", [facts.rejected, facts.refused])
def test_order_that_falls_through_during_the_authorization_is_released(
    processor, order_id, fact, back
):
    stopped = fact(order_id)
    facts.emit_with_deliveries(stopped)
    processor.troubles = [facts.on_the_way(stopped, back=back)]
    arrive(order_id, [(facts.placed, 1)])
    assert facts.charge_of(order_id).state == "voided"
    assert_no_money_is_kept(order_id)


@pytest.mark.parametrize("fact", [facts.rejected, facts.refused])
@few
@given(data=st.data(), trouble=TROUBLE)
def test_order_without_stock_or_clearance_is_never_captured(processor, fact, data, trouble):
    other = facts.cleared if fact is facts.rejected else facts.reserved
    with facts.rolled_back() as order_id:
        processor.troubles = list(trouble)
        arrive(order_id, data.draw(arrivals_of(facts.placed, other, fact)))
        assert facts.operations(order_id, "capture") == 0
        assert_no_money_is_kept(order_id)


@pytest.mark.parametrize("card", ["4000 0000 0000 0002", "4000 0000 0000 0341"])
@few
@given(arrivals=arrivals_of(*FACTS), trouble=TROUBLE)
def test_declined_payment_fails_once_and_is_not_billed(processor, card, arrivals, trouble):
    place = partial(facts.placed, card=card)
    by_card = [(place if fact is facts.placed else fact, copy) for fact, copy in arrivals]
    with facts.rolled_back() as order_id:
        processor.troubles = list(trouble)
        arrive(order_id, by_card)
        assert facts.charge_of(order_id).state == "failed"
        assert len(emitted(PaymentFailed)) == 1
        assert not emitted(PaymentCompleted)
        assert not emitted(OrderBilled)


def assert_no_money_is_kept(order_id):
    assert facts.nothing_is_open(order_id)
    assert facts.moved(order_id, "capture") == facts.moved(order_id, "refund")
    assert facts.charge_of(order_id).refundable == 0
    held = len(emitted(PaymentAuthorized))
    captured = len(emitted(PaymentCompleted))
    assert facts.operations(order_id, "authorize") == held <= 1
    assert facts.operations(order_id, "capture") == captured == len(emitted(PaymentRefunded))
    assert facts.operations(order_id, "void") == held - captured == len(emitted(PaymentVoided))


def test_many_orders_together_are_billed_as_one_by_one():
    ids = [uuid4() for _ in range(4)]
    events = [fact(order_id) for fact in FACTS for order_id in ids[:3]]
    given_together(facts.rejected(ids[1]), *events, facts.reserved(ids[3]), to="billing")
    given_together(facts.cleared(ids[3]), to="billing")
    states = [Charge.objects.get(pk=order_id).state for order_id in ids]
    assert states == ["captured", "new", "captured", "new"]
    assert {event.order_id for event in emitted(OrderBilled)} == {ids[0], ids[2]}
    assert sorted(Invoice.objects.values_list("charge", flat=True)) == sorted([ids[0], ids[2]])
    assert OrderSnapshot.objects.filter(pk__in=ids).count() == 3


def test_declined_card_costs_no_other_order_anything():
    ids = [uuid4() for _ in range(3)]
    cards = (facts.GOOD_CARD, facts.DECLINED_CARD, facts.GOOD_CARD)
    given_together(*map(facts.placed, ids, cards), to="billing")
    assert [event.order_id for event in emitted(PaymentFailed)] == [ids[1]]
    assert {event.order_id for event in emitted(PaymentAuthorized)} == {ids[0], ids[2]}
    causes = OutboxEvent.objects.filter(type=PaymentAuthorized.type).values_list("causation_id")
    placed = OutboxEvent.objects.filter(type=OrderPlaced.type, subject__in=[ids[0], ids[2]])
    assert set(causes) == set(placed.values_list("id"))
