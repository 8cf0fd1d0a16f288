"""What is said after an experiment: what is late, how orders ended, what the audit found."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from devtools.tour import proof
from devtools.tour.faults import Twice
from eventbus.delivery.models import Delivery
from shop.audit import runs
from tests.unit.console.history import add_event, placed, reacted
from tests.unit.tour.conftest import FakePrograms, a_trial

pytestmark = pytest.mark.django_db


def test_what_was_due_and_waits_is_caught_up_with_and_what_came_later_is_not_late():
    delivery = reacted(placed(uuid4(), "100001"), "billing.authorise_payment", "waiting")
    assert not proof.is_caught_up(timezone.now())
    assert proof.is_caught_up(delivery.created_at - timedelta(minutes=1))
    Delivery.objects.update(state="done")
    assert proof.is_caught_up(timezone.now())


def test_an_event_that_is_due_and_unpublished_is_late_too():
    add_event("orders.OrderPlaced", uuid4(), published=False)
    assert not proof.is_caught_up(timezone.now())


def test_reactions_that_wait_are_counted_of_all_apps_or_of_one():
    order = placed(uuid4(), "100001")
    reacted(order, "billing.authorise_payment", "waiting")
    reacted(order, "fraud.screen_order", "failed")
    reacted(order, "inventory.reserve_stock", "done")
    assert (proof.waiting(), proof.waiting("billing"), proof.waiting("inventory")) == (2, 1, 0)


def test_an_audit_is_made_then_and_its_findings_are_the_proof():
    trial = a_trial()
    proof.prove(trial)
    assert (trial.lost, trial.doubled, trial.broken_rules, trial.trouble) == (0, 0, [], [])
    reacted(placed(uuid4(), "100001"), "billing.authorise_payment")
    placed(uuid4(), "100002", after_ms=1000)
    proof.prove(trial)
    assert trial.lost == 1, "nobody was given the second order to pay"
    assert not trial.holds


def test_one_that_was_requested_before_is_awaited_and_another_made(monkeypatch):
    asked = []

    def request_audit(by):
        asked.append(by)
        if len(asked) == 1:
            raise runs.AuditUnderWay
        return original(by)

    original = runs.request_audit
    monkeypatch.setattr(runs, "request_audit", request_audit)
    proof.prove(a_trial())
    assert asked == ["olga, on the tour"] * 2


def test_a_reaction_that_takes_effect_again_by_a_copy_is_told():
    done = reacted(placed(uuid4(), "100001"), "billing.capture", closed_at=timezone.now())
    trial = a_trial("twice")
    twice = Twice(trial, FakePrograms())
    twice.done = {done.id: done.closed_at}
    twice.check()
    assert "Of 1 reactions that were done before, 0 were done again" in trial.did
    assert trial.trouble == []
    Delivery.objects.update(closed_at=timezone.now())
    twice.check()
    assert trial.trouble == ["1 reactions were done twice"]
