"""Nobody gets more mails of a kind than one person needs, whoever asks for them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail as outbox
from django.utils import timezone

from eventbus.delivery.models import Delivery
from eventbus.testing import given, redeliver
from notifications.models import Allowance, BackInStockAlert, Mail, Unsubscribed
from notifications.models.allowance import LIMITS
from tests.unit.notifications import facts

pytestmark = pytest.mark.django_db

OFTEN = 7


def kinds(kind: str) -> int:
    facts.time_passes()
    return Mail.objects.filter(kind=kind).count()


def test_one_reminder_a_week_however_many_carts_are_left():
    given(*(facts.cart(uuid4(), 1) for _ in range(OFTEN)), to="notifications")
    assert kinds("cart_abandoned") == 1
    Allowance.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
    given(facts.cart(uuid4(), 1), to="notifications")
    assert kinds("cart_abandoned") == 2


@pytest.mark.parametrize("email", ["ADA@example.com", "ada+1@example.com", "Ada+x+y@EXAMPLE.com"])
def test_the_same_mail_box_under_another_name_is_the_same(email):
    given(facts.cart(uuid4(), 1), facts.cart(uuid4(), 1, email=email), to="notifications")
    assert kinds("cart_abandoned") == 1


def test_each_person_has_an_allowance_of_their_own():
    given(
        facts.cart(uuid4(), 1), facts.cart(uuid4(), 1, email="bob@example.com"), to="notifications"
    )
    assert kinds("cart_abandoned") == 2


def test_mails_into_an_account_are_limited_by_their_kind():
    for kind in ("reset_password", "confirm_address"):
        given(*(facts.account_mail(kind) for _ in range(OFTEN)), to="notifications")
        assert kinds(kind) == LIMITS[kind].mails < OFTEN


def test_nobody_fills_a_strangers_mail_box_by_ordering_without_paying():
    most = LIMITS["order_placed"].mails
    unpaid = (facts.placed, facts.challenged, facts.refused, facts.cancelled)
    given(*(fact() for _ in range(most // 2) for fact in unpaid), to="notifications")
    assert Mail.objects.count() == most


def test_what_paid_orders_need_goes_out_however_often():
    given(facts.billed(), to="notifications")
    often = LIMITS["order_cancelled"].mails + OFTEN
    given(*(facts.cancelled() for _ in range(often)), to="notifications")
    assert kinds("order_cancelled") == often
    given(*(facts.billed() for _ in range(often)), to="notifications")
    assert kinds("order_confirmed") == often + 1


def test_who_comes_back_after_being_forgotten_is_counted_anew():
    given(facts.registered(), facts.erased(), to="notifications")
    again_here = facts.registered().model_copy(update={"customer_id": "c-2"})
    given(again_here, to="notifications")
    assert Mail.objects.filter(kind="welcome", recipient=facts.ADA).count() == 1


def test_duplicate_takes_nothing_of_the_allowance():
    fact = facts.account_mail("no_account")
    given(fact, to="notifications", times=3)
    Delivery.objects.update(state=Delivery.State.WAITING)
    redeliver(fact, to="notifications")
    assert Allowance.objects.get().count == 1
    assert len(outbox.outbox) == 1


def test_allowance_does_not_tell_whose_it_is():
    given(facts.account_mail("no_account"), to="notifications")
    assert "ada" not in Allowance.objects.get().who


def test_what_is_over_is_forgotten():
    given(facts.account_mail("no_account"), to="notifications")
    Allowance.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
    given(facts.cart(uuid4(), 1, email="bob@example.com"), to="notifications")
    facts.time_passes()
    assert Allowance.objects.get().kind == "cart_abandoned"


def test_nobody_else_wishes_for_whoever_unsubscribed():
    Unsubscribed.objects.create(email=facts.ADA)
    given(facts.wanted(), facts.stocked(5), to="notifications")
    assert not BackInStockAlert.objects.exists()
    given(facts.wanted().model_copy(update={"confirmed": True}), to="notifications")
    assert kinds("back_in_stock") == 1
