"""Each rule of the audit finds what breaks it, and nothing in a clean history."""

import json
import uuid
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from analytics.models import Figure
from billing.models import Charge, Invoice, Refund, SandboxOperation
from billing.services import refund
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.testing import settle
from inventory.models import ReservationLine, Stock
from loyalty.models import Account, PointsEntry
from notifications.models import Mail
from orders.models import Order, ReturnLine
from orders.services import request_cancellation, request_return
from pricing.models import Promotion, Redemption
from shipping.models import ReturnParcel
from shop.audit.rules import audit, count_reactions
from tests.builders import order_placed
from tests.scenarios.conftest import AT_ONCE, DECLINED, buy, deliver_at_once, fill_shelves

pytestmark = pytest.mark.django_db

Kind = PointsEntry.Kind


@pytest.fixture(scope="module")
def shared_order(shared_db) -> Order:
    """An order that went from placed to completed, once for all tests here."""
    with shared_db(), override_settings(**AT_ONCE):
        fill_shelves()
        placed = buy()
        settle()
        return placed


@pytest.fixture
def order(db, settings, shared_order) -> Order:
    deliver_at_once(settings)
    return Order.objects.get(pk=shared_order.pk)


def broken() -> set[str]:
    return {finding.rule for finding in audit() if not finding.ok}


def state_again(type: str) -> None:
    """Have an event emitted a second time, as a bug would."""
    row = OutboxEvent.objects.get(type=type)
    row.pk = uuid.uuid4()
    row.save(force_insert=True)


def lose_a_delivery(order):
    Delivery.objects.get(app="analytics", event__type="orders.OrderCompleted").delete()


def capture_twice(order):
    hold = SandboxOperation.objects.get(kind="capture")
    SandboxOperation.objects.create(
        key="again",
        kind="capture",
        authorization=hold.authorization,
        amount=hold.amount,
        currency=hold.currency,
        outcome="approved",
    )


def add_points(order):
    enter(order, Kind.EARNED, 5)


def enter(order, kind, points):
    cause = order_placed().stamp(uuid.uuid4(), timezone.now())
    Account.objects.get(pk="ada").post_entry(kind, points, order.id, cause).save()


def capture_with_another_card(order):
    SandboxOperation.objects.create(
        key=f"{order.id}:capture:2", kind="capture", authorization="another", outcome="approved"
    )


def mail_twice(order):
    with connection.cursor() as cursor:
        cursor.execute("alter table notifications_mail drop constraint notifications_mail_once")
    mail = Mail.objects.first()
    mail.pk, mail.message_id = uuid.uuid4(), "<another>"
    mail.save(force_insert=True)


def send_back(order):
    request_return(order.id, {1: 1})
    settle()


def refund_too_much(order):
    send_back(order)
    ReturnLine.objects.update(amount=order.total.amount + 1)


def lose_a_return(order):
    send_back(order)
    ReturnParcel.objects.update(arrived_at=None)


def forget_to_restock(order):
    send_back(order)
    ReservationLine.objects.update(returned=0)


def refund_another_sum(order):
    send_back(order)
    Refund.objects.update(amount=1)


def take_back_worthless_goods(order):
    send_back(order)
    ReturnLine.objects.update(amount=0)


def use_a_code_too_often(order):
    buy(percent_off=10)
    Promotion.objects.update(limit=0)


def keep_the_code_of_a_cancelled_order(order):
    cancelled_with_code()
    Redemption.objects.update(released_at=None)


def cancelled_with_code():
    request_cancellation(buy(percent_off=10).id)
    settle()


def wait_without_an_end(order):
    Order.objects.update(ended_at=None)
    OutboxEvent.objects.filter(type="orders.ShippingDeadlineReached").delete()


def forget_a_refused_payment(order):
    Charge.objects.update(state="failed", captured=0)
    Order.objects.update(ended_at=None)


def change(model, **fields):
    return lambda order: model.objects.update(**fields)


PAST = {"expires_at": timezone.now() - timedelta(hours=1)}

BREAKS = {
    "each order's total is its goods, shipping and tax, less its discount and points": change(
        Order, discount=1
    ),
    "no order is captured with two cards at the sandbox processor": capture_with_another_card,
    "no order waits for its shopper to pay longer than it may": change(
        Order, ended_at=None, pay_until=PAST["expires_at"]
    ),
    "each account's points are the sum of its ledger, and never negative": change(
        Account, balance=F("balance") + 1
    ),
    "an order takes the points it is paid with once, and no others": lambda order: enter(
        order, Kind.REDEEMED, -5
    ),
    "points that paid come back when the order is cancelled, or with the goods, and once": (
        lambda order: enter(order, Kind.RETURNED, 5)
    ),
    "every event reached every reaction that wants it: handled + waiting + parked add up": (
        lose_a_delivery
    ),
    "each billed order has captures equal to its total, and exactly one": (
        lambda order: state_again("billing.PaymentCompleted")
    ),
    "no order is billed twice": lambda order: state_again("billing.OrderBilled"),
    "no hold is captured twice at the sandbox processor, or above its amount": capture_twice,
    "the sandbox processor's ledger equals billing's": change(SandboxOperation, amount=1),
    "no cancelled order keeps a shopper's money, unless staff said so": change(
        Order, cancel_reason="customer"
    ),
    "what goes back of a payment is the sum of its refunds, never more than was taken": (
        refund_another_sum
    ),
    "goods that came back bring what was paid for them, as far as it was still here": (
        take_back_worthless_goods
    ),
    "an order's page says of its money what billing did with it": change(Order, captured_total=1),
    "each billed order has one invoice, over what was taken": change(Invoice, total=1),
    "invoices are numbered from 1 without a gap": change(Invoice, id=F("id") + 1),
    "no promotion is used more often than it may be, by all or by one customer": (
        use_a_code_too_often
    ),
    "an order with a code has used it once, and one that is cancelled has released it": (
        keep_the_code_of_a_cancelled_order
    ),
    "whatever an order waits for, its deadline was emitted ahead": wait_without_an_end,
    "an order its shopper still has to pay has ended, or says how long it waits": (
        forget_a_refused_payment
    ),
    "no order is shipped unpaid": change(Charge, state="authorized", captured=0),
    "no order is shipped twice": lambda order: state_again("shipping.OrderShipped"),
    "no cancelled order was shipped": change(Order, cancel_reason="customer"),
    "per product: stock started = on hand + sold + reserved, never oversold": change(
        Stock, on_hand=F("on_hand") + 1, received=F("received") + 1
    ),
    "per product: what is reserved and sold is what orders hold and have": change(
        Stock, on_hand=F("on_hand") - 1, reserved=F("reserved") + 1
    ),
    "of an order that ended nothing is reserved, and each unit left, or was given up": change(
        Order, closed=1
    ),
    "goods that never came bring what was paid for them, and no more": change(
        Order, closed=1, reduced_amount=1
    ),
    "no more units go back than were bought, nor for more than was paid": refund_too_much,
    "a return is fetched once it is approved, and received once it is here": lose_a_return,
    "what came back of an order is in stock again, once": forget_to_restock,
    "one mail per event, kind and recipient": mail_twice,
    "the loyalty ledger equals what billing says": add_points,
    "every order past its deadline is in a final state": change(Order, ended_at=None, **PAST),
    "analytics has counted each event it handled exactly once": change(
        Figure, value=F("value") + 1
    ),
}


def test_clean_history_breaks_no_rule(order):
    assert broken() == set()


def test_history_with_a_return_breaks_no_rule(order):
    send_back(order)
    assert broken() == set()


def with_points(**draft):
    """An order that ada pays with 20 of her points."""
    placed = buy(points=20, points_value=Decimal("0.20"), **draft)
    settle()
    return Order.objects.get(pk=placed.pk)


def test_history_with_points_breaks_no_rule(order):
    send_back(with_points())
    assert broken() == set()


def test_order_that_waits_for_another_card_breaks_no_rule(order):
    assert with_points(card=DECLINED).can_pay_again
    assert broken() == set()


def test_history_with_codes_breaks_no_rule(order):
    buy(percent_off=10)
    settle()
    cancelled_with_code()
    assert broken() == set()


def test_goods_of_which_staff_gave_back_a_part_before_break_no_rule(order):
    refund(order.id, Decimal("10.00"), "a scratch", "S-1")
    settle()
    send_back(order)
    request_return(order.id, {2: 1})
    settle()
    assert Order.objects.get(pk=order.pk).state == "refunded"
    assert broken() == set()


@pytest.mark.parametrize("who", ["customer_id", "email"])
def test_code_that_one_customer_used_too_often_is_found(order, who):
    for _ in range(2):
        buy(percent_off=10)
    Promotion.objects.update(limit_per_customer=1)
    Redemption.objects.update(**{name: "" for name in ("customer_id", "email") if name != who})
    assert "no promotion is used more often than it may be, by all or by one customer" in broken()


def test_invoice_that_was_never_written_is_found(order):
    Invoice.objects.all().delete()
    assert "each billed order has one invoice, over what was taken" in broken()


def test_order_with_a_code_that_was_not_counted_is_found(order):
    Order.objects.update(promotion="AUTUMN")
    assert (
        "an order with a code has used it once, and one that is cancelled has released it"
        in broken()
    )


def test_wait_for_another_card_without_an_end_is_found(order):
    waiting = buy(DECLINED)
    settle()
    assert broken() == set()
    OutboxEvent.objects.filter(
        type="orders.PaymentDeadlineReached", subject=str(waiting.pk)
    ).delete()
    assert "whatever an order waits for, its deadline was emitted ahead" in broken()


def test_points_lost_with_a_cancelled_order_are_found(order):
    Order.objects.filter(pk=with_points().pk).update(cancel_reason="customer")
    assert (
        "points that paid come back when the order is cancelled, or with the goods, and once"
        in (broken())
    )


def test_order_billed_without_its_points_is_found(order):
    Order.objects.update(points=7)
    assert "an order takes the points it is paid with once, and no others" in broken()


def test_every_rule_is_broken_below(order):
    assert {finding.rule for finding in audit()} == set(BREAKS)


@pytest.mark.parametrize("rule", BREAKS)
def test_rule_finds_what_breaks_it(order, rule):
    BREAKS[rule](order)
    assert rule in broken()


def test_what_is_open_or_parked_is_counted_and_not_lost(order):
    before = count_reactions()
    rows = list(Delivery.objects.all()[:2])
    Delivery.objects.filter(pk=rows[0].pk).update(state="waiting")
    Delivery.objects.filter(pk=rows[1].pk).update(state="parked")
    after = count_reactions()
    assert (after.expected, after.handled) == (before.expected, before.handled - 2)
    assert (after.waiting, after.parked) == (1, 1)


def test_books_of_an_order_that_is_under_way_are_not_compared_yet(order):
    SandboxOperation.objects.update(amount=1)
    Delivery.objects.filter(app="billing").update(state="waiting")
    assert "the sandbox processor's ledger equals billing's" not in broken()


def test_the_command_prints_the_rules_and_exits_by_them(order):
    out = StringIO()
    call_command("audit", "--json", stdout=out)
    result = json.loads(out.getvalue())
    assert result["ok"] is True
    assert set(result["rules"][0]) == {"rule", "checked", "violations", "examples", "promise"}
    state_again("billing.OrderBilled")
    with pytest.raises(SystemExit) as end:
        call_command("audit", stdout=out)
    assert end.value.code == 1
    assert "FAIL" in out.getvalue()
    assert str(order.id) in out.getvalue()
