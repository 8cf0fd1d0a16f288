"""What staff do to an order: done once, by those who may, by POST alone, and told."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from billing.events import PaymentRefunded
from billing.models import Charge
from eventbus.testing import emitted, settle
from fraud.models import Screening
from inventory.models import Movement, Stock
from notifications.models import Mail
from orders.events import OrderCancelled, OrderHeld, OrderReleased
from orders.models import Return
from orders.services import hold_order, request_return
from shipping.events import OrderShipped
from shipping.models import Parcel, Shipment
from shipping.services import ship_part
from shop.audit.rules import audit
from shop.backoffice.actions import ACTIONS
from shop.backoffice.models import RefundLimit, StaffAction
from shop.backoffice.roles import ROLES
from tests.scenarios.conftest import buy
from tests.unit.backoffice.conftest import action_address, reloaded, submit
from tests.walking import not_drawn, read_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_order")]


def text(answer):
    """Return what an answer shows, or the page that it leads on to."""
    shown = answer.client.get(answer.url) if answer.status_code == 302 else answer
    return re.sub(r"\s+", " ", shown.content.decode())


# Shipping


def test_a_part_is_shipped_then_the_rest(as_role, order):
    staff = as_role("warehouse")
    submit(staff, order, "ship", **{"line-1": 1, "line-2": 0})
    settle()
    submit(staff, order, "ship", **{"line-1": 1, "line-2": 2})
    settle()
    first, last = emitted(OrderShipped)
    assert [(line.sku, line.quantity) for line in first.lines] == [("TEAPOT", 1)]
    assert (first.complete, last.complete) == (False, True)
    assert {parcel.packed_by for parcel in Parcel.objects.all()} == {"warehouse"}


def test_a_parcel_keeps_the_tracking_number_of_its_label(as_role, order):
    submit(as_role("warehouse"), order, "ship", label=" JD 014 ", **{"line-1": 1})
    settle()
    assert emitted(OrderShipped)[0].tracking_number == "JD 014"


def test_a_tracking_number_of_another_parcel_is_refused(as_role, order):
    staff = as_role("warehouse")
    submit(staff, order, "ship", label="JD 014", **{"line-1": 1})
    answer = submit(staff, order, "ship", label="JD 014", **{"line-1": 1})
    assert "another parcel" in text(answer)
    settle()
    answer = submit(staff, order, "ship", label="JD 014", **{"line-1": 1})
    assert "another parcel" in text(answer)
    assert Parcel.objects.count() == 1


def test_more_than_is_left_is_refused_and_nothing_is_done(as_role, order):
    answer = submit(as_role("warehouse"), order, "ship", **{"line-1": 3})
    assert answer.status_code == 422
    assert not Parcel.objects.exists()
    assert not StaffAction.objects.exists()


def test_an_empty_parcel_is_refused(as_role, order):
    answer = submit(as_role("warehouse"), order, "ship", **{"line-1": 0, "line-2": 0})
    assert "at least one unit" in text(answer)


def test_an_order_kept_for_shipping_by_hand_does_not_leave_by_itself(as_role, shop):
    order = buy()
    submit(as_role("warehouse"), order, "ship-by-hand")
    settle()
    assert emitted(OrderShipped) == []
    assert Shipment.objects.get(pk=order.pk).held_by == "warehouse"


# Money


def test_units_are_refunded_with_their_share_and_are_pending_until_the_processor_spoke(
    as_role, order
):
    staff = as_role("support")
    answer = submit(staff, order, "refund", **{"line-1": 1, "reason": "cracked"})
    assert "you refunded 25.00 EUR: cracked" in text(answer)
    assert "Refund pending" in text(answer)
    settle()
    assert emitted(PaymentRefunded)[0].amount == Decimal("25.00")
    shown = text(staff.get(reverse("admin:order", args=[order.id])))
    assert "Refund pending" not in shown


def test_without_amount_or_units_everything_left_goes_back(as_role, order):
    staff = as_role("finance")
    submit(staff, order, "refund", amount="10.00", reason="late")
    submit(staff, order, "refund", reason="sorry")
    settle()
    assert emitted(PaymentRefunded)[-1].refunded_total == order.total.amount


def test_amount_and_units_together_are_refused(as_role, order):
    answer = submit(as_role("finance"), order, "refund", amount="1", reason="x", **{"line-1": 1})
    assert "not both" in text(answer)
    assert not Charge.objects.get().refunds.exists()


def test_a_refund_needs_a_reason(as_role, order):
    assert submit(as_role("finance"), order, "refund", amount="1").status_code == 422


def test_more_than_is_left_is_not_refunded(as_role, order):
    answer = submit(as_role("finance"), order, "refund", amount="999", reason="x")
    assert "can be refunded, not 999" in text(answer)


def test_a_role_gives_back_no_more_of_an_order_than_its_limit_in_however_many_parts(as_role, order):
    RefundLimit.objects.filter(role="support").update(amount=Decimal("30"))
    staff = as_role("support")
    submit(staff, order, "refund", amount="20", reason="late")
    answer = submit(staff, order, "refund", amount="10.01", reason="late")
    assert "you may give back 30" in text(answer)
    submit(staff, order, "refund", amount="10", reason="late")
    assert Charge.objects.get().reserved_for_refund == Decimal("30")


def test_a_role_without_a_limit_of_its_own_gives_nothing_back(as_role, order):
    RefundLimit.objects.all().delete()
    answer = submit(as_role("support"), order, "refund", amount="1", reason="late")
    assert "you may give back 0" in text(answer)


# Stopping


def test_an_order_on_hold_is_not_shipped_until_it_is_released(as_role, shop):
    staff, order = as_role("support"), buy()
    submit(staff, order, "hold", reason="address unclear")
    settle()
    assert emitted(OrderShipped) == []
    assert emitted(OrderHeld)[0].reason == "address unclear"
    submit(staff, order, "release")
    settle()
    assert len(emitted(OrderReleased)) == 1
    assert emitted(OrderShipped)[0].complete


def test_nothing_is_shipped_by_hand_while_on_hold(as_role, order):
    staff = as_role("warehouse")
    submit(staff, order, "hold", reason="address unclear")
    settle()
    assert "is on hold" in text(submit(staff, order, "ship", **{"line-1": 1}))
    assert not Parcel.objects.exists()


def test_a_cancelled_order_gives_back_money_and_goods(as_role, order):
    submit(as_role("support"), order, "cancel", reason="asked by phone", restock="on", refund="on")
    settle()
    order = reloaded(order)
    assert order.state == "refunded"
    assert Stock.objects.get(sku="TEAPOT").on_hand == 10


def test_goods_that_are_not_to_be_sold_again_are_written_off_and_never_available(as_role, order):
    submit(as_role("support"), order, "cancel", reason="broken", refund="on")
    settle()
    stock = Stock.objects.get(sku="TEAPOT")
    assert (stock.on_hand, stock.reserved, stock.received) == (8, 0, 8)
    written_off = Movement.objects.get(sku="TEAPOT", kind="adjusted")
    assert (written_off.quantity, written_off.order_id) == (-2, order.id)


def test_money_that_is_to_be_kept_stays(as_role, order):
    submit(as_role("support"), order, "cancel", reason="never fetched", restock="on")
    settle()
    order = reloaded(order)
    assert (order.state, order.refunded_total) == ("cancelled", 0)
    assert not emitted(OrderCancelled)[0].refund
    assert emitted(PaymentRefunded) == []
    assert [finding for finding in audit() if finding.violations] == []


# Deciding


@pytest.fixture
def flagged(shop, settings):
    settings.FRAUD_FLAG_SCORE = 0
    order = buy()
    settle()
    assert Screening.objects.get(pk=order.pk).verdict == "flagged"
    return order


@pytest.mark.parametrize(("verdict", "ends"), [("clear", "completed"), ("refuse", "cancelled")])
def test_a_flagged_order_is_decided(as_role, flagged, verdict, ends):
    submit(as_role("finance"), flagged, "decide", verdict=verdict, why="odd")
    settle()
    flagged = reloaded(flagged)
    assert flagged.state == ends
    assert Screening.objects.get(pk=flagged.pk).decided_by == "finance"


def test_a_refusal_says_why(as_role, flagged):
    answer = submit(as_role("finance"), flagged, "decide", verdict="refuse")
    assert "Say why" in text(answer)
    assert Screening.objects.get(pk=flagged.pk).verdict == "flagged"


@pytest.fixture
def late_return(shop, settings):
    """A return asked for too late, which staff must decide about."""
    from datetime import timedelta

    settings.RETURN_WINDOW = timedelta(0)
    order = buy()
    settle()
    back = request_return(order.id, {1: 1}, reason="too big")
    settle()
    back = reloaded(back)
    assert back.state == "requested"
    return back


@pytest.mark.parametrize(("name", "state"), [("approve", "received"), ("refuse", "refused")])
def test_a_return_is_decided(as_role, late_return, name, state):
    order = late_return.order
    submit(as_role("support"), order, f"{name}-return", late_return.pk, reason="worn")
    settle()
    late_return = reloaded(late_return)
    assert late_return.state == state


def test_a_return_of_another_order_is_not_found(as_role, late_return, shop):
    answer = submit(as_role("support"), buy(), "approve-return", late_return.pk)
    assert answer.status_code == 404


# Mails


def test_a_mail_is_sent_again_as_a_copy(as_role, order, mailoutbox):
    mail = Mail.objects.get(kind="order_confirmed")
    before = len(mailoutbox)
    submit(as_role("support"), order, "resend", mail.pk)
    settle()
    assert [sent.subject for sent in mailoutbox[before:]] == [mail.subject]
    assert mailoutbox[-1].extra_headers["Message-ID"] != mail.message_id
    assert Mail.objects.filter(kind="order_confirmed", state="sent").count() == 2


def test_a_mail_about_another_order_is_not_found(as_role, order):
    other = buy()
    settle()
    mail = Mail.objects.filter(about=str(other.id)).first()
    assert submit(as_role("support"), order, "resend", mail.pk).status_code == 404


# All of them

FIELDS = {
    "decide": {"verdict": "clear"},
    "ship": {"line-1": 1},
    "ship-rest": {},
    "ship-by-hand": {},
    "give-up-parcel": {},
    "refund": {"amount": "1", "reason": "x"},
    "hold": {"reason": "x"},
    "release": {},
    "cancel": {"reason": "x"},
    "approve-return": {},
    "refuse-return": {"reason": "x"},
    "resend": {},
    "comment": {"text": "x"},
}


def part_of(name, order):
    parts = {
        "give-up-parcel": lambda: parcel_of(order).pk,
        "resend": lambda: Mail.objects.filter(about=str(order.id)).first().pk,
        "approve-return": lambda: request_return(order.id, {1: 1}).pk,
        "refuse-return": lambda: request_return(order.id, {1: 1}).pk,
    }
    return parts[name]() if name in parts else None


def parcel_of(order):
    return Parcel.objects.first() or ship_part(order.id, {1: 1}, by="kim")


def test_every_action_is_tested_here():
    assert FIELDS.keys() == ACTIONS.keys()


@pytest.mark.parametrize("name", FIELDS)
def test_asking_for_a_dialog_does_nothing(admin_client, order, name):
    address = action_address(order, name, part_of(name, order))
    assert admin_client.get(address, FIELDS[name] | {"key": uuid4()}).status_code == 200
    assert not StaffAction.objects.exists()


#: Who may, by the first letters of the roles.
ALLOWED = {
    "decide": "f",
    "ship": "w",
    "ship-rest": "w",
    "ship-by-hand": "w",
    "give-up-parcel": "w",
    "refund": "sf",
    "hold": "swf",
    "release": "swf",
    "cancel": "sf",
    "approve-return": "sf",
    "refuse-return": "sf",
    "resend": "s",
    "comment": "swfo",
}


@pytest.mark.parametrize("name", FIELDS)
@read_once()
def test_who_has_not_the_right_can_neither_see_nor_press_it(as_role, order, name):
    address = action_address(order, name, part_of(name, order))
    for role in ROLES:
        staff, allowed = as_role(role), role[0] in ALLOWED[name]
        with not_drawn():
            assert (staff.get(address).status_code == 200) == allowed, role
        if not allowed:
            answer = staff.post(address, FIELDS[name] | {"key": uuid4()})
            assert answer.status_code == 403, role
    assert not StaffAction.objects.exists()


@pytest.mark.parametrize("name", FIELDS)
def test_who_is_not_logged_in_is_sent_to_the_login(client, order, name):
    address = action_address(order, name, part_of(name, order))
    answer = client.post(address, FIELDS[name] | {"key": uuid4()})
    assert (answer.status_code, "login" in answer.url) == (302, True)
    assert not StaffAction.objects.exists()


@pytest.mark.parametrize("name", FIELDS)
def test_a_request_forged_elsewhere_is_refused(admin_user, order, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    address = action_address(order, name, part_of(name, order))
    assert client.post(address, FIELDS[name] | {"key": uuid4()}).status_code == 403
    assert not StaffAction.objects.exists()


#: Orders that an action can be done to, where it is another than two teapots that nobody ships.
READY = {
    "decide": "flagged",
    "release": "on_hold",
    "ship-by-hand": "unbilled",
    "give-up-parcel": "on_its_way",
    "approve-return": "late_return",
    "refuse-return": "late_return",
}


@pytest.fixture
def on_hold(order):
    hold_order(order.id, by="kim", reason="address unclear")
    return order


@pytest.fixture
def on_its_way(order, settings):
    settings.CARRIER_TRANSIT = timedelta(days=1)
    ship_part(order.id, {1: 2, 2: 2}, by="kim")
    settle()
    return order


def test_a_lost_parcel_is_given_up_where_the_page_offers_it(as_role, on_its_way):
    staff, parcel = as_role("warehouse"), Parcel.objects.get()
    page = reverse("admin:order", args=[on_its_way.id])
    button = action_address(on_its_way, "give-up-parcel", parcel.pk)
    assert button in text(staff.get(page))
    submit(staff, on_its_way, "give-up-parcel", parcel.pk)
    settle()
    assert reloaded(on_its_way).state == "refunded"
    assert button not in text(staff.get(page))


@pytest.fixture
def unbilled(shop):
    order = buy()
    settle(but=["billing"])
    return order


@pytest.mark.parametrize("name", FIELDS)
def test_pressed_twice_it_is_done_once(admin_client, request, name):
    page = FIELDS[name] | {"key": uuid4()}
    found = request.getfixturevalue(READY.get(name, "order"))
    back = found if isinstance(found, Return) else None
    order = back.order if back else found
    part = back.pk if back else part_of(name, order)
    submit(admin_client, order, name, part, **page)
    assert "this was done already" in text(submit(admin_client, order, name, part, **page))
    assert StaffAction.objects.count() == 1


def test_what_was_done_stands_in_the_timeline_with_who_did_it(as_role, order):
    submit(as_role("support"), order, "hold", reason="address unclear")
    action = StaffAction.objects.get()
    assert (action.by, action.what) == ("support", "put it on hold: address unclear")


def test_an_action_there_is_not_is_not_found(admin_client, order):
    assert admin_client.get(action_address(order, "explode")).status_code == 404


def test_buttons_are_offered_to_those_who_may(as_role, order):
    shown = text(as_role("warehouse").get(reverse("admin:order", args=[order.id])))
    assert action_address(order, "ship") in shown
    assert action_address(order, "refund") not in shown
    assert action_address(order, "cancel") not in shown
