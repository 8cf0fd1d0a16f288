"""Two of the staff press at the same moment: one takes effect, the other is told."""

from functools import partial
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from billing.models import Charge
from eventbus.testing import emitted, settle
from fraud.models import Screening
from orders.events import OrderCancelled, OrderHeld
from shipping.models import Parcel
from shop.backoffice.models import BulkRow, StaffAction
from tests.scenarios.conftest import broken_rules, buy
from tests.unit.backoffice.conftest import action_address
from tests.unit.backoffice.test_bulk import begin
from tests.unit.billing.test_race import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PRESSED = {
    "refund": {"reason": "sorry"},
    "ship": {"line-1": 2, "line-2": 2},
    "ship-rest": {},
    "hold": {"reason": "address unclear"},
    "cancel": {"reason": "asked by phone", "restock": "on", "refund": "on"},
}


@pytest.fixture
def desks(transactional_db):
    """Two at desks of their own, who may do everything."""

    def desk(name):
        client = Client()
        client.force_login(User.objects.create_superuser(name))
        return client

    return desk("kim"), desk("sam")


def press_at_once(desks, order, name, *fields):
    """Each in a dialog of their own; returns the answers."""
    address = action_address(order, name)
    pages = [{"key": uuid4(), **said} for said in fields]
    both = zip(desks, pages, strict=True)
    return at_once(*(partial(desk.post, address, page) for desk, page in both))


def assert_one_is_told(answers):
    (refused,) = [answer for answer in answers if answer.status_code != 302]
    assert refused.status_code == 422
    assert "staff-error" in refused.content.decode()
    assert StaffAction.objects.count() == 1


@pytest.mark.parametrize("name", PRESSED)
def test_one_takes_effect_and_the_other_is_told(desks, order, name):
    assert_one_is_told(press_at_once(desks, order, name, PRESSED[name], PRESSED[name]))
    settle(scheduled=True)
    assert len(emitted(OrderCancelled)) <= 1
    assert Parcel.objects.count() <= 1
    assert Charge.objects.get().refunded in (0, 61)
    assert not broken_rules()


def test_an_order_is_cleared_or_refused_never_both(desks, shop, settings):
    settings.FRAUD_FLAG_SCORE = 0
    order = buy()
    settle()
    verdicts = {"verdict": "clear"}, {"verdict": "refuse", "why": "odd"}
    assert_one_is_told(press_at_once(desks, order, "decide", *verdicts))
    assert Screening.objects.get().decided_by == StaffAction.objects.get().by
    settle(scheduled=True)
    assert not broken_rules()


def test_an_order_cancelled_while_it_is_shipped_is_either(desks, order):
    acts = [
        partial(desk.post, action_address(order, name), {"key": uuid4(), **PRESSED[name]})
        for desk, name in zip(desks, ("ship", "cancel"), strict=True)
    ]
    at_once(*acts)
    settle(scheduled=True)
    assert len(emitted(OrderCancelled)) == (Parcel.objects.count() == 0)
    assert not broken_rules()


def test_one_dialog_sent_twice_at_once_is_done_once(desks, order):
    page = {"key": uuid4(), **PRESSED["hold"]}
    submit = partial(desks[0].post, action_address(order, "hold"), page)
    assert [answer.status_code for answer in at_once(submit, submit)] == [302, 302]
    assert len(emitted(OrderHeld)) == StaffAction.objects.count() == 1


def test_two_tabs_of_one_bulk_run_do_each_row_once(desks, shop):
    orders = [buy() for _ in range(3)]
    page = begin(desks[0], "hold", orders, reason="stocktaking").url
    go_on = partial(desks[0].post, page)
    at_once(go_on, go_on)
    assert len(emitted(OrderHeld)) == 3
    assert set(BulkRow.objects.values_list("state", flat=True)) == {"done"}
