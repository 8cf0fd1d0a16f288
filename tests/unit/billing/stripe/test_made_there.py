"""What people do in Stripe's dashboard, and banks of their own accord, is taken up here."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing import services
from billing.events import (
    CheckPayment,
    DisputeClosed,
    OrderBilled,
    PaymentDisputed,
    PaymentFailed,
    PaymentRefunded,
    ReconcilePayments,
    RefundFailed,
)
from billing.models import Charge, Difference, Reconciliation
from billing.reconciling import begin_if_due
from billing.services import pay_again
from eventbus.testing import emitted, given
from tests.unit.billing import facts
from tests.unit.billing.stripe.facts import UNITS, begun, tell, the_payment

pytestmark = pytest.mark.django_db
ALL, PART = Decimal("27.00"), Decimal("5.00")


@pytest.fixture
def paid(order_id, stripe_server):
    """An order whose money was taken."""
    tell(stripe_server.pay(begun(order_id)))
    facts.settle_billing()
    return order_id


def receive(message):
    """Stripe tells of it, and billing looks into it."""
    assert tell(message) == 200
    facts.settle_billing()


def amounts(event_class=PaymentRefunded):
    return [event.amount for event in emitted(event_class)]


def given_back(server):
    return sum(refund["amount"] for refund in server.refunds.values())


def a_day_later():
    """The relay tidies up on the day after all this."""
    Charge.objects.update(created_at=timezone.now() - timedelta(days=1))
    Reconciliation.objects.all().delete()
    begin_if_due()
    facts.settle_billing()


class TestRefunds:
    def test_refund_made_there_counts_here_once(self, paid, stripe_server):
        message = stripe_server.refund_there(500)
        receive(message)
        receive(stripe_server.message("charge.refunded", {**message["data"]["object"]}))
        (refunded,) = emitted(PaymentRefunded)
        assert (refunded.amount, refunded.refunded_total) == (PART, PART)
        charge = facts.charge_of(paid)
        assert (charge.refunded, charge.refundable) == (PART, ALL - PART)

    @pytest.mark.parametrize("told_before", [True, False])
    def test_cancellation_gives_back_what_was_not_given_back_there(
        self, paid, stripe_server, told_before
    ):
        message = stripe_server.refund_there(500)
        if told_before:
            receive(message)
        given(facts.cancelled(paid), to="billing")
        receive(message)
        assert amounts() == [PART, ALL - PART]
        assert given_back(stripe_server) == UNITS
        assert facts.nothing_is_open(paid)

    def test_refund_of_everything_there_answers_ours(self, paid, stripe_server):
        stripe_server.refund_there(UNITS)
        given(facts.cancelled(paid), to="billing")
        assert amounts() == [ALL]
        assert given_back(stripe_server) == UNITS
        assert facts.nothing_is_open(paid)

    def test_goods_that_come_back_bring_no_more_than_is_left_there(self, paid, stripe_server):
        stripe_server.refund_there(2500)
        given(facts.returned(paid, "5.50"), to="billing")
        assert amounts() == [Decimal("25.00"), Decimal("2.00")]
        assert facts.nothing_is_open(paid)

    def test_refund_that_the_bank_sends_back_is_open_again(self, paid, stripe_server):
        given(facts.returned(paid, "5.00"), to="billing")
        message = stripe_server.fail_refunds()
        receive(message)
        receive({**message, "id": "evt_again"})
        (failed,) = emitted(RefundFailed)
        assert (failed.amount, failed.refunded_total, failed.revision) == (PART, 0, 2)
        assert facts.charge_of(paid).refundable == ALL
        assert services.failed_refunds() == 1

    def test_refund_made_there_that_fails_does_not_count_any_more(self, paid, stripe_server):
        receive(stripe_server.refund_there(500))
        receive(stripe_server.fail_refunds())
        assert facts.charge_of(paid).refunded == 0
        assert amounts(RefundFailed) == [PART]


class TestDisputes:
    def test_dispute_is_told_once_and_counts_when_it_is_lost(self, paid, stripe_server):
        receive(stripe_server.dispute("needs_response"))
        receive(stripe_server.dispute("under_review"))
        (disputed,) = emitted(PaymentDisputed)
        assert (disputed.amount, disputed.reason, disputed.withheld) == (ALL, "fraudulent", True)
        assert services.open_disputes() == 1
        assert not emitted(PaymentRefunded)
        receive(stripe_server.dispute("lost"))
        receive(stripe_server.dispute("lost"))
        assert [closed.won for closed in emitted(DisputeClosed)] == [False]
        assert amounts() == [ALL]
        assert services.open_disputes() == 0

    def test_refund_of_a_disputed_payment_waits_for_the_end_of_the_dispute(
        self, paid, stripe_server
    ):
        receive(stripe_server.dispute("needs_response"))
        given(facts.cancelled(paid), to="billing")
        assert not stripe_server.refunds
        receive(stripe_server.dispute("won"))
        assert given_back(stripe_server) == UNITS
        assert amounts() == [ALL]

    def test_lost_dispute_answers_the_refund_that_waited(self, paid, stripe_server):
        stripe_server.dispute("needs_response")
        given(facts.cancelled(paid), to="billing")
        receive(stripe_server.dispute("lost"))
        assert not stripe_server.refunds
        assert amounts() == [ALL]
        assert facts.nothing_is_open(paid)

    def test_question_of_the_bank_withholds_nothing(self, paid, stripe_server):
        receive(stripe_server.dispute("warning_needs_response"))
        given(facts.cancelled(paid), to="billing")
        assert [disputed.withheld for disputed in emitted(PaymentDisputed)] == [False]
        assert given_back(stripe_server) == UNITS

    def test_payment_given_back_and_disputed_counts_once(self, paid, stripe_server):
        given(facts.cancelled(paid), to="billing")
        receive(stripe_server.dispute("lost"))
        assert facts.charge_of(paid).refunded == ALL
        assert amounts() == [ALL]


class TestHolds:
    def test_hold_cancelled_there_is_a_refused_payment_to_be_made_again(self, held, stripe_server):
        receive(stripe_server.cancel_there())
        (failed,) = emitted(PaymentFailed)
        assert (failed.code, failed.pay_until is None) == ("authorization_lapsed", False)
        assert pay_again(held, None)

    @pytest.mark.parametrize("units", [UNITS, 2000])
    def test_money_taken_there_of_a_cancelled_order_goes_back(self, held, stripe_server, units):
        stripe_server.capture_there(units)
        given(facts.cancelled(held), to="billing")
        assert given_back(stripe_server) == units
        assert facts.charge_of(held).state == "voided"

    def test_money_taken_there_in_full_pays_the_order(self, held, stripe_server):
        stripe_server.capture_there(UNITS)
        given(facts.reserved(held), to="billing")
        assert len(emitted(OrderBilled)) == 1

    def test_other_amount_taken_there_goes_back_and_pays_nothing(self, held, stripe_server):
        stripe_server.capture_there(2000)
        given(facts.reserved(held), to="billing")
        assert [failed.code for failed in emitted(PaymentFailed)] == ["other_amount"]
        assert given_back(stripe_server) == 2000
        assert not emitted(OrderBilled)


class TestReconciling:
    def test_what_no_message_told_of_is_found_the_next_day_and_taken_up(self, paid, stripe_server):
        stripe_server.refund_there(500)
        stripe_server.dispute("needs_response")
        a_day_later()
        assert amounts() == [PART]
        assert len(emitted(PaymentDisputed)) == 1
        found = Difference.objects.get()
        assert (found.kind, found.ours, found.theirs) == ("kept", ALL, ALL - PART)
        assert services.open_differences() == 0
        day = Reconciliation.objects.get()
        assert (day.compared, day.differing, day.ended_at is None) == (1, 1, False)

    def test_what_cannot_be_taken_up_stays_on_the_page_of_differences(self, paid, stripe_server):
        the_payment(stripe_server)["amount_received"] = UNITS + 100
        a_day_later()
        a_day_later()
        assert services.open_differences() == Difference.objects.count() == 1
        the_payment(stripe_server)["amount_received"] = UNITS
        a_day_later()
        assert services.open_differences() == 0

    def test_page_paid_without_any_message_is_found(self, order_id, stripe_server):
        stripe_server.pay(begun(order_id))
        a_day_later()
        assert len(emitted(OrderBilled)) == 1

    def test_books_are_compared_some_payments_at_a_time(self, paid, stripe_server):
        stripe_server.per_page = 1
        first = the_payment(stripe_server)
        other = first | {"id": "pi_older", "metadata": {"order_id": "no order of ours"}}
        stripe_server.intents = {"pi_older": other, first["id"]: first}
        a_day_later()
        assert [due.after for due in emitted(ReconcilePayments)] == ["", first["id"]]
        assert not emitted(CheckPayment)[1:], "all is well"

    def test_one_comparison_begins_each_day_and_none_before_there_is_anything(self, paid):
        begin_if_due()
        assert not emitted(ReconcilePayments), "today's payments have tomorrow"
        a_day_later()
        begin_if_due()
        assert len(emitted(ReconcilePayments)) == 1
