"""On no page of an order stands a text that is not translated, whatever becomes of the order."""

from datetime import timedelta
from typing import get_args

import pytest
from django.utils import timezone

from billing.decline_reasons import REASONS
from eventbus.testing import emitted, given, redeliver
from orders import services
from orders.events import (
    CancellationRefused,
    OrderCancelled,
    ReturnRequested,
    ShippingDeadlineReached,
)
from orders.models import Order, Return
from shipping.events import ReturnArrived
from tests.unit.i18n.marking import mark
from tests.unit.orders.facts import points_rejected
from tests.unit.storefront.conftest import placed
from tests.unit.storefront.facts import DELIVERED, PAID, Facts, happened, known, page_of

pytestmark = pytest.mark.django_db

PACKED = timedelta(minutes=5)


@pytest.fixture
def order() -> Order:
    order = placed()
    for line in order.lines.all():
        line.title = mark(line.title)
        line.save()
    return order


@pytest.fixture
def facts(order) -> Facts:
    return Facts(order)


@pytest.fixture
def page(reads, order):
    """Reads the order's page, or one below it."""
    return lambda below="", *args, **kwargs: reads(page_of(order.pk) + below, *args, **kwargs)


@pytest.fixture
def back(page, order, facts) -> Return:
    """A return that was asked for by the form of a delivered order."""
    happened(facts, *DELIVERED)
    page("return/", {"line-1": 1, "why": "damaged"})
    return Return.objects.get()


@pytest.mark.parametrize("late_after", [timedelta(0), timedelta(hours=1)], ids=["late", "in time"])
def test_usual_way(page, facts, settings, late_after):
    settings.ANSWER_LATE_AFTER = late_after
    settings.PACKING_TIME = settings.CARRIER_TRANSIT = late_after
    page()
    for step in DELIVERED:
        happened(facts, step)
        page()


def test_unusual_steps(page, facts):
    happened(facts, "flagged")
    page()
    happened(facts, "authorized", "reserved")
    page()
    happened(facts, "cleared", "captured", "billed")
    known(facts.shipped(complete=False))
    page()


def test_bank_that_asks_and_its_answer(page, facts):
    happened(facts, "challenged")
    page()
    page("challenge/")
    page("challenge/", {"answer": "confirm"})


@pytest.mark.parametrize("code", REASONS)
def test_card_that_was_refused(page, facts, code):
    known(facts.declined(code=code, until=timezone.now() + PACKED))
    page()
    page("pay/")


def test_another_card_that_is_refused(page, facts):
    happened(facts, "declined_for_now")
    page("pay/", {"attempt": "x", "card_number": "1"}, status=422)
    page("pay/", {"attempt": 1, "card_number": "1"}, status=422)
    page("pay/", {"attempt": 1, "test_card": "4242 4242 4242 4242"}, status=422)


def test_time_to_pay_that_is_over(page, facts):
    known(facts.declined(until=timezone.now()))
    page()


CANCELLED = {
    "out_of_stock": lambda order, facts: [facts.short()],
    "payment_failed": lambda order, facts: [facts.authorized(), facts.declined()],
    "fraud": lambda order, facts: [facts.refused()],
    "expired": lambda order, facts: [ShippingDeadlineReached(order_id=order.pk), facts.stopped()],
    "points": lambda order, facts: [points_rejected(order)],
}


@pytest.mark.parametrize("reason", CANCELLED)
def test_order_that_came_to_nothing(page, order, facts, reason):
    known(*CANCELLED[reason](order, facts))
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.cancel_reason) == ("cancelled", reason)
    page()


@pytest.mark.parametrize("reason", ["customer", "staff"])
def test_cancelling(page, order, facts, reason, settings):
    happened(facts, *PAID)
    services.request_cancellation(order.pk, reason=reason, detail=mark("It broke."))
    page()
    settings.ANSWER_LATE_AFTER = timedelta(0)
    page("cancel/", {})
    happened(facts, "stopped")
    page("cancel/", {})
    known(facts.refunded("10.00"), facts.refunded("30.40"))
    page()


def test_every_reason_to_cancel_is_read_here():
    reasons = get_args(OrderCancelled.model_fields["reason"].annotation)
    assert {*CANCELLED, "customer", "staff"} == set(reasons)


def test_hold_that_is_released(page, facts):
    happened(facts, "authorized", "short")
    page()
    happened(facts, "voided")
    page()


def test_wish_to_cancel_that_came_too_late(page, order, facts):
    happened(facts, *PAID, "shipped")
    known(CancellationRefused(order_id=order.pk, **facts.who, reason="customer"))
    page()
    page("cancel/", {})
    page("return/", {"line-1": 1})


def test_order_paid_in_all_ways(page, order):
    part = {"discount": 1, "promotion": "FIVE", "points": 5, "points_value": 1}
    for included in (True, False):
        taxes = [{"rate": "20.00", "net": "10", "amount": "2"}]
        Order.objects.update(**part, taxes=taxes, tax=2, tax_included=included)
        page()


def test_what_the_form_of_a_return_refuses(page, facts):
    happened(facts, *DELIVERED)
    page("return/")
    page("return/", {}, status=422)
    page("return/", {"line-1": 9, "why": "x", "note": "x" * 141}, status=422)
    page("return/", {"why": "size"}, status=422)


def test_return(page, order, facts, back):
    page()
    redeliver(emitted(ReturnRequested)[-1], to="orders")
    page()
    given(ReturnArrived(order_id=order.pk, return_id=back.pk), to="orders")
    page()
    given(facts.refunded("10.00"), to="orders")
    page()


def test_return_that_is_refused(page, back):
    services.refuse_return(back.pk, by="staff", reason=mark("Used."))
    page()


def test_invoice_that_is_not_there(page, order, facts):
    page("invoice.pdf", status=409)
    happened(facts, "short")
    page("invoice.pdf", status=409)
