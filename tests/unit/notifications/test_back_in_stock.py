"""Whoever waits for a variant is told once that it is back."""

import threading
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import given as for_every
from hypothesis import strategies as st

from eventbus.testing import emit, given, redeliver
from notifications.models import AvailableStock, BackInStockAlert, Mail
from tests.unit.notifications import facts
from tests.unit.shipping.facts import rolled_back

pytestmark = pytest.mark.django_db


def notified() -> list[str]:
    """Return who was told, each as often as they were."""
    facts.time_passes()
    return list(Mail.objects.filter(kind="back_in_stock").values_list("recipient", flat=True))


def test_mail_says_what_is_back_and_leads_there():
    given(facts.wanted(), facts.stocked(5), to="notifications")
    assert notified() == [facts.ADA]
    mail = Mail.objects.get()
    assert mail.subject == "Lamp <tall> is back"
    assert "https://shop.example/lamp/" in mail.text
    assert "Lamp &lt;tall&gt; can be bought again" in mail.html


def test_nobody_is_told_while_it_is_sold_out():
    given(facts.wanted(), facts.stocked(0), to="notifications")
    assert notified() == []


def test_wish_that_comes_after_the_delivery_is_told_at_once():
    given(facts.stocked(5), facts.wanted(), to="notifications")
    assert notified() == [facts.ADA]


def test_older_level_that_comes_late_does_not_count():
    given(facts.stocked(0, revision=2), facts.stocked(5, revision=1), to="notifications")
    given(facts.wanted(), to="notifications")
    assert notified() == []


def test_wish_made_twice_is_told_once():
    given(facts.wanted(), facts.wanted("ADA@example.com"), facts.stocked(5), to="notifications")
    assert notified() == [facts.ADA]


def test_each_who_waits_is_told():
    given(facts.wanted(), facts.wanted("bob@example.com"), facts.stocked(1), to="notifications")
    assert sorted(notified()) == [facts.ADA, "bob@example.com"]


def test_wish_made_anew_after_it_was_told_is_told_again():
    given(facts.wanted(), facts.stocked(5), facts.stocked(0, 2), to="notifications")
    given(facts.wanted(), facts.stocked(5, 3), to="notifications")
    assert notified() == [facts.ADA, facts.ADA]


def test_wish_without_an_address_is_none():
    """As an event of the past is that was redacted."""
    given(facts.wanted(email=""), facts.stocked(5), to="notifications")
    assert not BackInStockAlert.objects.exists()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@for_every(st.permutations(range(5)), st.lists(st.integers(0, 4), max_size=4))
def test_one_mail_in_every_order_of_arrival(order, copies):
    """Two clicks, sold out, a delivery, and a sale that leaves some."""
    with rolled_back():
        all_facts = [facts.wanted(), facts.wanted()]
        all_facts += [facts.stocked(units, n) for n, units in enumerate((0, 5, 4), start=1)]
        for fact in all_facts:
            emit(fact)
        redeliver(*[all_facts[i] for i in [*order, *copies]], to="notifications")
        assert notified() == [facts.ADA]


@pytest.mark.django_db(transaction=True)
def test_wish_and_delivery_at_the_same_moment_do_not_miss_each_other():
    """Whoever comes second waits for the first, and sees what it wrote."""
    given(facts.stocked(0), to="notifications")
    wished, go_on = threading.Event(), threading.Event()
    due: list[BackInStockAlert] = []

    def wish() -> None:
        shelf_locked = AvailableStock.objects.get_or_create_for_update(pk="LAMP")
        with transaction.atomic(), shelf_locked as shelf:
            BackInStockAlert.keep(facts.wanted().stamp(uuid4(), timezone.now()))
            due.extend(BackInStockAlert.due([shelf.sku]))
            wished.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=wish)
    thread.start()
    wished.wait(10)
    threading.Timer(0.2, go_on.set).start()
    with transaction.atomic():
        AvailableStock.record(facts.stocked(5, revision=2).levels)
        due.extend(BackInStockAlert.due(["LAMP"]))
    thread.join()
    assert len(due) == 1
