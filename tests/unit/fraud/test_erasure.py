"""A forgotten shopper: what was decided stays, whom it was about goes."""

from typing import Any

import pytest

from eventbus.testing import emitted, given
from fraud.events import OrderCleared, OrderRefused
from fraud.models import Blocked, Screening
from shop.events import CustomerErased
from tests.unit.fraud import facts

pytestmark = pytest.mark.django_db


def erased(*orders: Any, email: str = "ada@example.com") -> CustomerErased:
    ids = tuple(order.order_id for order in orders)
    return CustomerErased(customer_id="ada", email=email, order_ids=ids, cart_ids=())


def test_verdict_stays_and_the_shopper_goes():
    order = facts.placed()
    given(order, erased(order), to="fraud")
    screening = Screening.objects.get()
    assert (screening.verdict, screening.email, screening.fingerprint) == ("cleared", "", "")


def test_order_heard_of_after_its_shopper_was_forgotten_is_noted_without_them():
    order = facts.placed()
    given(erased(order), order, to="fraud")
    screening = Screening.objects.get()
    assert (screening.number, screening.email, screening.fingerprint) == (order.number, "", "")
    assert screening.verdict == "moot"
    assert not emitted(OrderCleared)


@pytest.mark.parametrize("value", ["ada@example.com", "ada-visa"])
def test_who_was_blocked_stays_blocked_and_cannot_be_read(value):
    Blocked.objects.create(value=value, note="Ada never pays")
    order = facts.placed()
    given(order, erased(order), erased(order), to="fraud")
    blocked = Blocked.objects.get()
    assert value not in blocked.value
    assert blocked.note == ""
    given(facts.placed(), to="fraud")
    assert len(emitted(OrderRefused)) == 2


def test_blocking_anew_whom_a_fingerprint_blocks_already_is_one_block():
    order = facts.placed()
    for _ in range(2):
        Blocked.objects.create(value="ada@example.com")
        given(erased(order), to="fraud")
    assert Blocked.objects.count() == 1


def test_forgotten_shoppers_have_nothing_in_common():
    """Nor have guests who left no address."""
    orders = [facts.placed(customer_id=None, card=f"{n}") for n in range(6)]
    given(*orders, erased(*orders), to="fraud")
    given(facts.placed(customer_id=None, email="", card="x"), to="fraud")
    assert Screening.objects.get(fingerprint="x").reasons == []


def test_reason_given_for_a_block_does_not_tell_who_is_blocked():
    Blocked.objects.create(value="ada@example.com")
    given(facts.placed(), to="fraud")
    assert Screening.objects.get().reasons == ["known bad: e-mail address"]
