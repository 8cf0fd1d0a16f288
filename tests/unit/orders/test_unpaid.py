"""What is held for nothing is held for minutes, and not much of it by one visitor."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from django.utils import timezone

from billing.events import ChallengeConfirmed, PaymentChallenged
from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted, given
from orders.errors import TooMuchUnpaid
from orders.events import CancellationRequested, OrderCancelled, PaymentDeadlineReached
from orders.models import Order
from orders.services import keep_waiting, place_order
from tests.builders import order_details
from tests.unit.orders.facts import HOUR, authorized, refused, retried
from tests.unit.orders.test_reactions import captured, stopped

pytestmark = pytest.mark.django_db


def challenged(order, attempt=1, within=timedelta(minutes=15)):
    return PaymentChallenged(
        order_id=order.id,
        payment_id=uuid4(),
        number=order.number,
        email="",
        amount=order.total.amount,
        currency="EUR",
        attempt=attempt,
        answer_until=timezone.now() + within,
    )


def confirmed(order, attempt=1):
    return ChallengeConfirmed(order_id=order.id, attempt=attempt)


def fresh(order) -> Order:
    return Order.objects.get(pk=order.pk)


def ends() -> list[PaymentDeadlineReached]:
    """The ends of waits emitted so far."""
    return emitted(PaymentDeadlineReached)


@pytest.fixture
def order(details):
    return place_order(details)


class TestTheBanksQuestion:
    def test_is_waited_for_as_long_as_it_may_be_answered(self, order):
        asked = challenged(order)
        given(asked, to="orders")
        assert fresh(order).pay_until == asked.answer_until
        row = OutboxEvent.objects.get(type="orders.PaymentDeadlineReached")
        assert row.publish_after == asked.answer_until

    def test_that_nobody_answers_ends_the_order_and_says_why(self, order):
        given(challenged(order), to="orders")
        given(*ends(), stopped(order), to="orders")
        event = emitted(OrderCancelled)[0]
        assert event.reason == "payment_failed"
        assert event.detail == "The payment was not confirmed with your bank in time."

    @pytest.mark.parametrize("facts", list(permutations([challenged, confirmed, authorized])))
    def test_once_answered_is_not_waited_for_in_whatever_order_it_is_heard(self, order, facts):
        given(*(fact(order) for fact in facts), to="orders")
        given(PaymentDeadlineReached(order_id=order.id, attempt=1), to="orders")
        assert fresh(order).pay_until is None
        assert not emitted(CancellationRequested)

    @pytest.mark.parametrize("facts", list(permutations([challenged, confirmed])))
    def test_once_answered_waits_for_the_bank_however_long_that_takes(self, order, facts):
        given(*(fact(order) for fact in facts), to="orders")
        given(PaymentDeadlineReached(order_id=order.id, attempt=1), to="orders")
        assert not emitted(CancellationRequested)

    def test_asked_once_more_is_waited_for_once_more(self, order):
        given(challenged(order), confirmed(order), challenged(order), to="orders")
        assert fresh(order).pay_until

    def test_about_another_card_is_waited_for_although_the_first_was_good(self, order):
        given(authorized(order), challenged(order, attempt=2), to="orders")
        assert fresh(order).pay_until

    def test_about_an_earlier_card_is_not_waited_for(self, order):
        given(retried(order), challenged(order), to="orders")
        assert fresh(order).pay_until is None
        assert not ends()

    def test_that_comes_when_it_is_refused_changes_nothing(self, order):
        given(refused(order), to="orders")
        before = fresh(order).pay_until
        given(challenged(order), to="orders")
        assert fresh(order).pay_until == before

    def test_heard_of_after_the_money_changes_nothing(self, order):
        given(captured(order), challenged(order), to="orders")
        assert fresh(order).pay_until is None


class TestASignOfLife:
    @pytest.mark.parametrize("waits", [challenged, refused])
    def test_gives_more_time_and_the_end_is_emitted_anew(self, order, waits, settings):
        given(waits(order, within=timedelta(minutes=5)), to="orders")
        keep_waiting(order.id)
        until = fresh(order).pay_until
        assert until > timezone.now() + settings.PAYMENT_CHALLENGE_TIMEOUT - timedelta(minutes=1)
        given(*ends(), to="orders")
        assert not emitted(CancellationRequested)
        assert [end.until for end in ends()][-1] == until
        given(ends()[-1], to="orders")
        assert emitted(CancellationRequested)

    def test_gives_no_more_than_the_most(self, order, settings):
        settings.UNPAID_AT_MOST = timedelta(minutes=10)
        given(challenged(order, within=timedelta(minutes=5)), to="orders")
        keep_waiting(order.id)
        most = fresh(order).waited_since + settings.UNPAID_AT_MOST
        assert fresh(order).pay_until == most
        assert not keep_waiting(order.id)
        assert fresh(order).pay_until == most

    def test_gives_a_refused_order_no_new_most_with_each_card(self, order, settings):
        given(challenged(order), refused(order, within=HOUR), to="orders")
        began = fresh(order).waited_since
        given(retried(order), challenged(order, attempt=2), to="orders")
        assert fresh(order).waited_since == began

    def test_does_not_bring_back_a_wait_that_is_over(self, order):
        given(challenged(order, within=timedelta(minutes=-1)), to="orders")
        assert not keep_waiting(order.id)

    def test_of_an_order_that_waits_for_nobody_changes_nothing(self, order):
        assert not keep_waiting(order.id)

    def test_a_second_later_is_not_written_down_again(self, order):
        given(challenged(order), to="orders")
        assert not keep_waiting(order.id)


class TestOneVisitor:
    @pytest.fixture(autouse=True)
    def _limits(self, settings):
        settings.MOST_UNPAID_ORDERS, settings.MOST_UNPAID_UNITS = 2, 8

    def test_has_few_orders_unpaid_at_a_time(self):
        for _ in range(2):
            place_order(order_details(), visitor="v")
        with pytest.raises(TooMuchUnpaid, match="2 orders that are not paid"):
            place_order(order_details(), visitor="v")
        place_order(order_details(), visitor="another")
        place_order(order_details())

    def test_has_few_units_unpaid_at_a_time(self, settings):
        place_order(order_details(), visitor="v")
        line = order_details().lines[0]
        with pytest.raises(TooMuchUnpaid, match="At most 8 units"):
            place_order(order_details(lines=[replace_units(line, 6)]), visitor="v")
        place_order(order_details(lines=[replace_units(line, 5)]), visitor="v")

    @pytest.mark.parametrize("fact", [authorized, captured])
    def test_may_order_more_once_the_bank_has_said_yes(self, fact):
        for _ in range(3):
            given(fact(place_order(order_details(), visitor="v")), to="orders")

    def test_may_order_more_once_an_order_has_ended(self):
        for _ in range(3):
            order = place_order(order_details(), visitor="v")
            given(refused(order, within=None), to="orders")

    def test_is_held_up_by_no_app_that_is_off(self):
        for _ in range(3):
            place_order(order_details(), visitor="v")
            Order.objects.update(placed_at=timezone.now() - HOUR)

    def test_is_held_up_by_what_waits_for_them_however_old(self):
        for _ in range(2):
            given(challenged(place_order(order_details(), visitor="v")), to="orders")
        Order.objects.update(placed_at=timezone.now() - HOUR)
        with pytest.raises(TooMuchUnpaid):
            place_order(order_details(), visitor="v")

    def test_gets_the_same_order_for_the_same_key_whatever_is_unpaid(self):
        orders = [place_order(order_details(), visitor="v", key=str(n)) for n in range(2)]
        assert place_order(order_details(), visitor="v", key="0") == orders[0]

    def test_may_have_any_number_where_nothing_is_counted(self, settings):
        settings.MOST_UNPAID_ORDERS = 0
        for _ in range(3):
            place_order(order_details(), visitor="v")


def replace_units(line, units):
    return line.model_copy(update={"quantity": units})
