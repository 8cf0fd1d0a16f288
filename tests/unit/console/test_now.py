"""The page "Now": the proof, and what needs a person."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from eventbus import registry
from eventbus.console.alerts.rules import all_rules
from eventbus.console.hooks import Facts, Page, hooks
from eventbus.delivery import pause
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.operations.models import WorkerHeartbeat
from eventbus.testing import emitted, settle
from shop.audit import auditor, runs
from shop.audit.models import AuditRun
from shop.audit.rules import count_reactions
from shop.events import AuditRequested
from tests.unit.console.history import add_event, reacted
from tests.unit.console.test_failed import trouble
from tests.unit.eventbus.ids import event_id

pytestmark = pytest.mark.django_db


def now_page(client):
    return client.get(reverse("console:now")).content.decode()


def ask(client):
    return client.post(reverse("audit:request"), follow=True).content.decode()


def test_an_audit_is_made_rule_by_rule_and_its_result_is_kept(operator):
    assert "The first audit comes with the first events" in now_page(operator)
    assert "An audit is running" in ask(operator)
    assert "under way" in now_page(operator)
    auditor.run_requested()
    page = now_page(operator)
    assert "rules hold" in page
    assert "requested by olga" in page
    run = AuditRun.objects.get()
    assert (run.lost, run.doubled, run.broken) == (0, 0, [])
    assert run.expected == run.handled + run.waiting + run.parked


def test_who_asks_again_meanwhile_is_told(operator):
    ask(operator)
    assert "an audit is under way already" in ask(operator)
    assert len(emitted(AuditRequested)) == 1


def test_no_worker_makes_an_audit(operator):
    ask(operator)
    settle()
    assert AuditRun.last() is None
    assert auditor.run_requested().finished_at
    assert auditor.run_requested() is None


def test_an_audit_that_was_cut_short_goes_on_with_the_next_rule(operator, monkeypatch):
    class Killed(BaseException):
        """Stands for kill -9."""

    def die():
        raise Killed

    ask(operator)
    everything = auditor.checks
    monkeypatch.setattr(auditor, "checks", lambda counted: [*everything(counted)[:3], die])
    with pytest.raises(Killed):
        auditor.run_requested()
    assert auditor.run_requested() is None, "it is claimed for a while"
    AuditRun.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    monkeypatch.setattr(auditor, "checks", lambda counted: [die] * 3 + everything(counted)[3:])
    rules = [finding["rule"] for finding in auditor.run_requested().findings]
    assert len(set(rules)) == len(rules) == len(everything(count_reactions()))


def test_an_audit_whose_rule_takes_too_long_ends_and_an_alert_says_why(operator, monkeypatch):
    def too_long():
        raise OperationalError("canceling statement due to statement timeout")

    ask(operator)
    monkeypatch.setattr(auditor, "checks", lambda _: [too_long])
    assert "statement timeout" in auditor.run_requested().error
    (rule,) = (rule for rule in all_rules() if rule.name == "audit failure")
    assert "statement timeout" in next(rule.look(Facts())).message


@pytest.mark.django_db(transaction=True)
def test_a_relay_starts_one_process_for_what_was_asked_for(operator, monkeypatch):
    started = []
    monkeypatch.setattr(auditor, "start", lambda *command, **_: started.append(command) or FAKE)
    auditor.start_auditor()
    assert not started
    ask(operator)
    auditor.start_auditor()
    auditor.start_auditor()
    assert len(started) == 1
    monkeypatch.setattr(auditor._Auditor, "process", None)


#: A process that runs.
FAKE = SimpleNamespace(poll=lambda: None)


def test_what_is_lost_or_doubled_is_counted_and_named(operator):
    order = uuid4()
    reacted(add_event("orders.OrderCompleted", order), "analytics.count_event")
    for _ in range(3):
        add_event("billing.OrderBilled", order)
    settle_one_audit(operator)
    run = AuditRun.objects.get()
    assert run.doubled >= 1
    assert run.lost == 3
    assert "no order is billed twice" in now_page(operator)


def seen(app, at):
    facts = {"version": "1", "concurrency": 1, "handled": 0, "running": [], "memory": 1}
    times = dict.fromkeys(("started_at", "seen_at", "handled_at"), at)
    return WorkerHeartbeat.objects.create(app=app, host="one", pid=7, **times, **facts)


def everybody_works(but=""):
    for app in ("relay", *registry.apps_with_reactions()):
        if app != but:
            seen(app, timezone.now())


def settle_one_audit(operator):
    ask(operator)
    auditor.run_requested()


def test_the_first_audit_comes_with_the_first_events(settings):
    settings.AUDIT_EVERY = timedelta(hours=1)
    runs.request_due_audit()
    assert not AuditRun.objects.exists()
    add_event("orders.OrderCompleted", uuid4())
    runs.request_due_audit()
    runs.request_due_audit()
    assert AuditRun.objects.get().by == "the clock"


def audited(*, ago: timedelta, seconds: float) -> None:
    """There was one audit, which took so long."""
    at = timezone.now() - ago
    AuditRun.objects.create(by="olga", requested_at=at, finished_at=at, seconds=seconds)


@pytest.mark.parametrize(
    ("minutes", "seconds", "is_due"),
    [(0.9, 1, False), (1.1, 1, True), (4, 10, False), (6, 10, True)],
)
def test_the_quicker_an_audit_is_the_sooner_the_next_one_comes(settings, minutes, seconds, is_due):
    settings.AUDIT_EVERY = timedelta(hours=1)
    audited(ago=timedelta(minutes=minutes), seconds=seconds)
    state("orders.OrderCompleted")
    runs.request_due_audit()
    assert AuditRun.objects.filter(finished_at=None).exists() is is_due


def test_while_nothing_happens_an_audit_comes_by_the_hour(settings):
    settings.AUDIT_EVERY = timedelta(hours=1)
    audited(ago=timedelta(minutes=59), seconds=1)
    state(AuditRequested.type)
    runs.request_due_audit()
    assert not AuditRun.objects.filter(finished_at=None).exists()
    AuditRun.objects.update(requested_at=timezone.now() - timedelta(minutes=61))
    runs.request_due_audit()
    assert AuditRun.objects.filter(finished_at=None).exists()


def state(type):
    """Something of this type happens now."""
    row = add_event(type, uuid4())
    OutboxEvent.objects.filter(pk=row.pk).delete()
    row.pk = event_id(timezone.now())
    row.save(force_insert=True)


def test_the_clock_can_be_switched_off(settings):
    settings.AUDIT_EVERY = timedelta()
    add_event("orders.OrderCompleted", uuid4())
    runs.request_due_audit()
    assert not AuditRun.objects.exists()


def test_who_is_not_there_to_work_is_named(operator):
    everybody_works(but="shipping")
    page = now_page(operator)
    assert "No worker of shipping" in page
    assert "No worker of billing" not in page
    WorkerHeartbeat.objects.all().delete()
    assert "No relay is there" in now_page(operator)


def test_nothing_to_do_is_said(operator):
    everybody_works()
    assert "Nothing. Every reaction answers" in now_page(operator)


def test_all_that_needs_a_person_is_named_with_its_page(operator):
    row = trouble()
    pause.pause("shipping", by="olga", reason="the carrier is on strike")
    late = add_event("orders.OrderCompleted", uuid4())
    reacted(late, "analytics.count_event", "waiting")
    Delivery.objects.filter(app="analytics").update(waiting_since=late.occurred_at)
    seen("billing", at=late.occurred_at)
    page = now_page(operator)
    assert reverse("console:group", args=[row.fingerprint]) in page
    assert "the carrier is on strike" in page
    assert "analytics.count_event has not answered orders.OrderCompleted" in page
    assert "billing@one, process 7 is lost" in page


def test_a_page_that_the_project_adds_is_in_the_navigation(operator, monkeypatch):
    monkeypatch.setattr(hooks, "pages", [Page("Bells", "admin:index")])
    assert f'<a href="{reverse("admin:index")}">Bells</a>' in now_page(operator)
