"""The front page: the proof, kept up cheaply, and what needs a person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from shop.bus import pausing
from shop.bus.models import Delivery, OutboxEvent, WorkerSeen
from shop.bus.testing import emitted, settle
from shop.console import proof
from shop.console.alerts.watching import audit_in_time
from shop.console.events import AuditRequested
from shop.console.models import AuditRun
from tests.console.history import reacted, stated
from tests.console.test_failed import trouble

pytestmark = pytest.mark.django_db


def front(client):
    return client.get(reverse("console:front")).content.decode()


def ask(client):
    return client.post(reverse("console:audit"), follow=True).content.decode()


def test_an_audit_is_made_by_a_worker_and_its_result_is_kept(operator):
    assert "Nobody has made an audit yet" in front(operator)
    assert "A worker of the shop makes an audit now" in ask(operator)
    assert "under way" in front(operator)
    settle()
    page = front(operator)
    assert "rules hold" in page
    assert "asked for by olga" in page
    run = AuditRun.objects.get()
    assert (run.lost, run.doubled, run.broken) == (0, 0, [])
    assert run.expected == run.handled + run.waiting + run.parked


def test_who_asks_again_meanwhile_is_told(operator):
    ask(operator)
    assert "an audit is under way already" in ask(operator)
    assert len(emitted(AuditRequested)) == 1


def test_an_audit_that_never_came_back_does_not_stand_in_the_way(operator):
    ask(operator)
    AuditRun.objects.update(asked_at=timezone.now() - proof.GIVEN_UP_AFTER - timedelta(seconds=1))
    assert "makes an audit now" in ask(operator)


def test_what_is_lost_or_doubled_is_counted_and_named(operator):
    order = uuid4()
    for _ in range(3):
        stated("billing.OrderBilled", order)
    event = stated("orders.OrderCompleted", order)
    reacted(event, "analytics.count_event")
    settle_one_audit(operator)
    run = AuditRun.objects.get()
    assert run.doubled >= 1
    assert run.lost >= 1
    assert "no order is billed twice" in front(operator)


def settle_one_audit(operator):
    ask(operator)
    run = AuditRun.objects.get()
    proof.keep(run.id, proof.measure(timezone.now()))


def test_what_was_stated_since_the_last_audit_is_counted(operator):
    settle_one_audit(operator)
    counted = proof.proof().stated
    row = stated("billing.OrderBilled", uuid4())
    OutboxEvent.objects.filter(pk=row.pk).update(stated_at=timezone.now())
    assert proof.proof().stated == counted + 1


def test_the_clock_asks_for_an_audit_when_the_last_is_old(settings):
    settings.AUDIT_EVERY = timedelta(hours=1)
    audit_in_time()
    assert not AuditRun.objects.exists()
    stated("orders.OrderCompleted", uuid4())
    audit_in_time()
    audit_in_time()
    assert AuditRun.objects.get().by == "the clock"


def test_the_clock_can_be_switched_off(settings):
    settings.AUDIT_EVERY = timedelta()
    stated("orders.OrderCompleted", uuid4())
    audit_in_time()
    assert not AuditRun.objects.exists()


def test_nothing_to_do_is_said(operator):
    assert "Nothing. Every reaction answers" in front(operator)


def test_all_that_needs_a_person_is_named_with_its_page(operator):
    row = trouble()
    pausing.pause("shipping", by="olga", reason="the carrier is on strike")
    late = stated("orders.OrderCompleted", uuid4())
    reacted(late, "analytics.count_event", "waiting")
    Delivery.objects.filter(app="analytics").update(waiting_since=late.stated_at)
    WorkerSeen.objects.create(
        app="billing",
        host="one",
        pid=7,
        version="1",
        concurrency=1,
        started_at=late.stated_at,
        seen_at=late.stated_at,
        handled=0,
        handled_at=late.stated_at,
        running=[],
        memory=1,
    )
    page = front(operator)
    assert reverse("console:group", args=[row.fingerprint]) in page
    assert "the carrier is on strike" in page
    assert "analytics.count_event has not answered orders.OrderCompleted" in page
    assert "billing@one, process 7 is gone" in page
