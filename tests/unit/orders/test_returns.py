"""Goods that go back: asked for, decided about, received, in whatever order it is heard."""

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given as for_all
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from eventbus.testing import emitted, given, redeliver
from orders import events
from orders.errors import AlreadyDecided, CannotReturn, NotDelivered, UnknownOrder, UnknownReturn
from orders.models import Order, Return
from orders.services import (
    approve_return,
    order_for_page,
    place_order,
    refuse_return,
    request_cancellation,
    request_return,
)
from shipping.events import ReturnArrived
from tests.builders import order_details
from tests.unit.orders.test_reactions import (
    billed,
    captured,
    delivered,
    refunded,
    rejected,
    shipped,
)

pytestmark = pytest.mark.django_db

REASON = "too small"


@pytest.fixture
def order(details):
    return place_order(details)


@pytest.fixture
def at_home(order):
    """The same order, delivered."""
    given(*facts(order), to="orders")
    return order


@pytest.fixture
def late(at_home, settings):
    """An order delivered so long ago that staff must decide about returns."""
    Order.objects.update(delivered_at=at_home.placed_at - settings.RETURN_WINDOW)
    return at_home


def facts(order) -> list:
    return [fact(order) for fact in (captured, billed, shipped, delivered)]


def decided(back: Return) -> Return:
    """The return after orders heard of it."""
    react_to_request(back)
    return Return.objects.get(pk=back.pk)


def react_to_request(back: Return) -> None:
    [requested] = emitted(events.ReturnRequested, return_id=back.id)
    redeliver(requested, to="orders")


def arrived(back: Return) -> ReturnArrived:
    return ReturnArrived(order_id=back.order_id, return_id=back.id)


def test_request_says_what_goes_back_why_and_what_it_is_worth(at_home):
    back = request_return(at_home.id, {2: 1, 1: 1}, reason=REASON)
    [requested] = emitted(events.ReturnRequested)
    assert (requested.order_id, requested.return_id) == (at_home.id, back.id)
    assert (requested.email, requested.reason) == ("ada@example.com", REASON)
    worth = [(line.line, line.title, line.quantity, line.amount) for line in requested.lines]
    assert worth == [(1, "Apple", 1, Decimal("10.00")), (2, "Bowl", 1, Decimal("5.50"))]


def test_return_asked_for_in_time_is_approved_by_itself(at_home):
    back = decided(request_return(at_home.id, {1: 1}, reason=REASON))
    assert (back.state, back.decided_by) == ("approved", "")
    [approved] = emitted(events.ReturnApproved)
    assert (approved.return_id, approved.lines[0].amount) == (back.id, Decimal("10.00"))


def test_last_moment_of_the_window_is_in_time(at_home, settings):
    back = request_return(at_home.id, {1: 1})
    Order.objects.update(delivered_at=back.requested_at - settings.RETURN_WINDOW)
    assert decided(back).state == "approved"


def test_later_return_waits_for_staff(late):
    back = decided(request_return(late.id, {1: 1}))
    assert back.state == "requested"
    approve_return(back.id, by="sam")
    back = Return.objects.get()
    assert (back.state, back.decided_by) == ("approved", "sam")
    assert len(emitted(events.ReturnApproved)) == 1


def test_refused_return_tells_the_customer_why(late):
    back = decided(request_return(late.id, {1: 1}))
    refuse_return(back.id, by="sam", reason="worn")
    [refused] = emitted(events.ReturnRefused)
    assert (refused.return_id, refused.email, refused.reason) == (back.id, late.email, "worn")
    assert not emitted(events.ReturnApproved)


def test_refused_units_may_be_asked_for_again(late):
    refuse_return(request_return(late.id, {1: 2}).id, by="sam", reason="worn")
    assert request_return(late.id, {1: 2}).amount == Decimal("20.00")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_refusing_takes_a_reason_that_fits(late, reason):
    back = request_return(late.id, {1: 1})
    with pytest.raises(CannotReturn, match="reason"):
        refuse_return(back.id, by="sam", reason=reason)
    assert not emitted(events.ReturnRefused)


def test_what_is_decided_is_not_decided_again(at_home):
    back = decided(request_return(at_home.id, {1: 1}))
    for decide in (approve, refuse):
        with pytest.raises(AlreadyDecided, match="approved"):
            decide(back)
    assert len(emitted(events.ReturnApproved)) == 1
    assert not emitted(events.ReturnRefused)


def approve(back):
    approve_return(back.id, by="sam")


def refuse(back):
    refuse_return(back.id, by="sam", reason="worn")


def test_what_staff_decided_first_stands(late):
    back = request_return(late.id, {1: 1})
    Order.objects.update(delivered_at=back.requested_at)
    refuse(back)
    assert decided(back).state == "refused"


def test_nothing_is_fetched_that_has_not_been_delivered(order):
    back = request_return(order.id, {1: 1})
    with pytest.raises(NotDelivered, match=order.number):
        approve(back)
    assert decided(back).state == "requested"


def test_return_nobody_knows_is_named():
    with pytest.raises(UnknownReturn):
        approve_return(uuid4(), by="sam")


def test_goods_that_are_here_are_received_with_what_they_were_paid_with(at_home):
    back = decided(request_return(at_home.id, {1: 2}))
    given(arrived(back), to="orders", times=2)
    [received] = emitted(events.ReturnReceived)
    assert (received.return_id, received.amount) == (back.id, Decimal("20.00"))
    assert Return.objects.get().received_at


def test_points_go_back_with_the_goods_they_paid(details):
    order = place_order(order_details(customer_id="ada", points=255, points_value=Decimal("12.75")))
    given(*facts(order), to="orders")
    for units, amount, points in [({1: 1}, "5.00", 100), ({1: 1, 2: 1}, "7.75", 155)]:
        back = decided(request_return(order.id, units))
        given(arrived(back), to="orders")
        received = emitted(events.ReturnReceived)[-1]
        assert (received.amount, received.points) == (Decimal(amount), points)


class EveryReturn(TestCase):
    @hypothesis_settings(deadline=None)
    @for_all(st.integers(0, 4), st.permutations(range(4)), st.booleans())
    def test_return_asked_for_at_any_time_is_approved_once_when_delivered(
        self, asked, order, twice
    ):
        placed = place_order(order_details())
        arriving = [facts(placed)[i] for i in order]
        given(*arriving[:asked], to="orders")
        back = request_return(placed.id, {1: 2})
        if twice:
            react_to_request(back)
        given(*arriving[asked:], to="orders", times=2)
        react_to_request(back)
        assert len(emitted(events.ReturnApproved)) == 1
        assert Return.objects.get().state == "approved"


def test_return_of_a_cancelled_order_is_void(order):
    back = request_return(order.id, {1: 2})
    given(rejected(order), to="orders")
    assert decided(back).state == "void"
    assert not emitted(events.ReturnApproved)


def test_nothing_of_a_cancelled_order_goes_back_even_after_its_refund(order):
    given(captured(order), billed(order), to="orders")
    request_cancellation(order.id)
    given(refunded(order, Decimal("30.40"), Decimal("30.40")), to="orders")
    with pytest.raises(CannotReturn, match="cancelled"):
        request_return(order.id, {1: 1})


@pytest.mark.parametrize(("line", "units"), [(1, 3), (1, 0), (1, -1), (9, 1)])
def test_return_of_what_was_not_bought_is_refused(order, line, units):
    with pytest.raises(CannotReturn, match=f"line {line}"):
        request_return(order.id, {line: units})
    assert not Return.objects.exists()


@pytest.mark.parametrize(
    ("units", "reason", "named"), [({}, "", "units"), ({1: 1}, "x" * 201, "reason")]
)
def test_return_that_makes_no_sense_is_refused_by_field(order, units, reason, named):
    with pytest.raises(CannotReturn, match=named):
        request_return(order.id, units, reason=reason)
    assert not Return.objects.exists()


def test_nothing_goes_back_twice(order):
    request_return(order.id, {1: 2})
    with pytest.raises(CannotReturn, match="0 can go back"):
        request_return(order.id, {1: 1})


def test_return_of_an_unknown_order_is_named():
    with pytest.raises(UnknownOrder):
        request_return(uuid4(), {1: 1})


def test_lines_are_in_order_however_they_were_written_down(details):
    """A line's share of the points depends on the lines before it."""
    lines = [details.lines[0].model_copy(update={"line": number}) for number in range(40, 0, -1)]
    order = place_order(order_details(lines=lines))
    assert [line.line for line in order_for_page(order.id).lines.all()] == [*range(1, 41)]


def test_page_shows_returns_in_five_queries(at_home, django_assert_num_queries):
    for _ in range(2):
        request_return(at_home.id, {1: 1})
    with django_assert_num_queries(5):
        shown = order_for_page(at_home.id)
        assert [back.amount for back in shown.returns.all()] == [Decimal("10.00")] * 2
