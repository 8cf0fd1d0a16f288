"""Money that goes back: for cancellations, for returns, because staff say so."""

from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.db.models import F

from billing import services
from billing.errors import NothingCaptured, ProcessorRefused, RefundExists, WrongAmount
from billing.events import OrderBilled, PaymentCompleted, PaymentRefunded, PaymentVoided
from billing.gateway import Declined
from billing.models import Charge, Refund
from eventbus.testing import emitted, given, redeliver
from tests.unit.billing import facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def captured(order_id):
    given(facts.placed(order_id), facts.reserved(order_id), facts.cleared(order_id), to="billing")
    return order_id


def refund(order_id, amount, reference="desk-1"):
    services.refund(order_id, Decimal(amount), "too late", reference)
    facts.settle_billing()


def test_return_gives_back_its_amount_once(captured):
    returned = facts.returned(captured, "7.50")
    given(returned, to="billing", times=2)
    redeliver(returned, to="billing")
    (refunded,) = emitted(PaymentRefunded)
    assert refunded.amount == refunded.refunded_total == Decimal("7.50")
    assert refunded.captured_total == facts.TOTAL
    assert facts.moved(captured, "refund") == Decimal("7.50")


def test_each_return_counts_on(captured):
    given(facts.returned(captured, "7.50"), facts.returned(captured, "12.00"), to="billing")
    totals = [refunded.refunded_total for refunded in emitted(PaymentRefunded)]
    assert totals == [Decimal("7.50"), Decimal("19.50")]


def test_return_gives_back_no_more_than_is_left(captured):
    returns = [facts.returned(captured, "20.00") for _ in range(3)]
    given(*returns, to="billing")
    assert [r.amount for r in emitted(PaymentRefunded)] == [Decimal("20.00"), Decimal("7.00")]


def test_return_for_an_order_that_was_never_captured_waits_for_a_person(order_id):
    given(facts.placed(order_id), to="billing")
    with pytest.raises(AssertionError, match="NothingCaptured"):
        given(facts.returned(order_id, "1.00"), to="billing")


def test_cancellation_after_a_return_gives_back_the_rest(captured):
    given(facts.returned(captured, "7.50"), facts.cancelled(captured), to="billing")
    assert [r.amount for r in emitted(PaymentRefunded)] == [Decimal("7.50"), Decimal("19.50")]
    assert emitted(PaymentRefunded)[-1].reason == "order cancelled: customer"
    assert facts.charge_of(captured).refunded == facts.TOTAL


def test_cancellation_releases_what_is_only_held(order_id):
    given(facts.placed(order_id), facts.cancelled(order_id), to="billing")
    assert facts.charge_of(order_id).state == "voided"
    assert len(emitted(PaymentVoided)) == 1
    assert not emitted(PaymentRefunded)


def test_order_cancelled_while_its_money_is_taken_is_not_billed(order_id, processor):
    given(facts.placed(order_id), facts.reserved(order_id), to="billing")
    cancelled = facts.cancelled(order_id)
    facts.emit_with_deliveries(cancelled)
    processor.troubles = [facts.on_the_way(cancelled)]
    given(facts.cleared(order_id), to="billing")
    assert len(emitted(PaymentCompleted)) == len(emitted(PaymentRefunded)) == 1
    assert not emitted(OrderBilled)


def test_staff_refund_goes_to_the_processor(captured):
    refund(captured, "5.00")
    (refunded,) = emitted(PaymentRefunded)
    assert (refunded.amount, refunded.reason) == (Decimal("5.00"), "too late")
    assert facts.moved(captured, "refund") == Decimal("5.00")
    assert Refund.objects.get().state == "done"


def test_refund_of_the_same_reference_is_refused(captured):
    refund(captured, "5.00")
    with pytest.raises(RefundExists):
        refund(captured, "5.00")


def test_amount_promised_to_one_refund_is_not_there_for_another(captured):
    services.refund(captured, Decimal("20.00"), "too late", "desk-1")
    with pytest.raises(WrongAmount, match=r"7\.00 EUR"):
        refund(captured, "7.01", "desk-2")


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "27.01"])
def test_refund_is_of_something_and_at_most_of_what_was_taken(captured, amount):
    with pytest.raises(WrongAmount):
        refund(captured, amount)


def test_order_without_captured_money_has_nothing_to_refund(order_id):
    with pytest.raises(NothingCaptured):
        refund(order_id, "1.00")
    given(facts.placed(order_id), to="billing")
    with pytest.raises(NothingCaptured):
        refund(order_id, "1.00")


def test_refund_that_the_processor_declines_waits_for_a_person(captured, processor, monkeypatch):
    monkeypatch.setattr(processor, "refund", lambda *_, **__: Declined("closed", "Card closed."))
    with pytest.raises(AssertionError, match=ProcessorRefused.__name__):
        given(facts.returned(captured, "1.00"), to="billing")
    assert not emitted(PaymentRefunded)


@pytest.mark.parametrize(
    "change",
    [
        {"refunded": F("captured") + 1, "reserved_for_refund": F("captured") + 1},
        {"reserved_for_refund": F("captured") + 1},
        {"refunded": F("reserved_for_refund") + 1},
        {"captured": F("amount") + 1},
        {"state": "voided"},
    ],
)
def test_database_refuses_books_that_cannot_be(captured, change):
    with pytest.raises(IntegrityError):
        Charge.objects.update(**change)
