"""What waits for a worker is run in one transaction, and each failure costs only itself."""

from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from eventbus.delivery import pause
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.history.models import Redaction
from eventbus.messaging import handling
from eventbus.messaging.handling import Outcome
from eventbus.testing import emitted
from tests.unit.eventbus.conftest import answer_once, behaviour
from tests.unit.eventbus.deliveries import envelope_of
from tests.unit.eventbus.events import Answered, Rang
from tests.workers import while_held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _unhurried(settings):
    settings.EVENTBUS_BATCH_WITHIN = timedelta(minutes=1)


@pytest.fixture
def rings():
    """Envelopes of events that two reactions of `tests` each wait for."""
    return [envelope_of(Rang(bell=uuid4())) for _ in range(4)]


def run(envelopes, redelivered=False):
    """Hand them over as messages that a worker took together; return each one's outcome."""
    messages = [(envelope.to_wire(), redelivered) for envelope in envelopes]
    return [outcome for outcome, _ in handling.run("tests", messages)]


def states(envelope, reaction="answer"):
    row = Delivery.objects.get(event_id=envelope.id, app="tests", reaction=reaction)
    return row.state, row.attempts


def fails_for(envelope, error):
    """A reaction that answers each, but raises at this one."""

    def react(event):
        answer_once(event)
        if event.id == envelope.id:
            raise error

    return react


def commits(run):
    with CaptureQueriesContext(connection) as queries:
        run()
    return [query["sql"] for query in queries if query["sql"] == "COMMIT"]


def test_messages_that_wait_together_take_effect_once_in_one_commit(rings):
    assert len(commits(lambda: run(rings))) == 1
    assert Delivery.objects.filter(state="done", attempts=1).count() == 2 * len(rings)
    assert len(emitted(Answered)) == len(rings)
    run(rings)
    assert len(emitted(Answered)) == len(rings)


def test_statements_of_the_frame_do_not_grow_with_the_batch(rings):
    def count(envelopes):
        with CaptureQueriesContext(connection) as queries:
            run(envelopes)
        return len(queries)

    more = [envelope_of(Rang(bell=uuid4())) for _ in range(12)]
    assert count(more) == count(rings)


@pytest.mark.parametrize("error", [ValueError("no butler"), IntegrityError("twice")])
def test_one_that_fails_costs_only_itself(rings, error):
    behaviour["answer"] = fails_for(rings[1], error)
    assert set(run(rings)) == {Outcome.ENDED}
    assert [states(each) for each in rings] == [
        ("done", 1),
        ("failed", 1),
        ("done", 1),
        ("done", 1),
    ]
    assert len(emitted(Answered)) == len(rings) - 1
    assert {states(each, "wake_the_dog") for each in rings} == {("done", 1)}


def test_constraint_that_breaks_at_the_end_is_its_own_reactions_failure(rings):
    def break_later(event):
        if event.id == rings[2].id:
            Redaction.objects.create(cause_id=uuid4(), subjects=[])

    behaviour["answer"] = break_later
    run(rings)
    assert [states(each)[0] for each in rings] == ["done", "done", "failed", "done"]


def test_what_has_been_begun_before_runs_after_it_was_counted_and_by_itself(rings):
    seen = []

    def look(event):
        seen.append(Delivery.objects.get(event_id=event.id, reaction="answer").attempts)

    behaviour["answer"] = look
    assert len(commits(lambda: run(rings, redelivered=True))) == 2 * len(rings)
    assert seen == [1] * len(rings)


def test_what_is_paused_waits_and_the_others_do_not(rings):
    pause.pause("tests", "answer", by="operator", reason="to see")
    run(rings)
    assert {states(each) for each in rings} == {("waiting", 0)}
    assert {states(each, "wake_the_dog") for each in rings} == {("done", 1)}


def test_time_that_is_up_leaves_the_rest_and_keeps_what_was_done(rings, settings):
    settings.EVENTBUS_BATCH_WITHIN = timedelta()
    assert run(rings) == [Outcome.LEFT] * 4
    assert Delivery.objects.filter(state="done").count() == 1
    assert run(rings[:1]) == [Outcome.ENDED]


def test_time_limit_within_a_batch_has_each_run_in_a_job_of_its_own(rings):
    behaviour["answer"] = fails_for(rings[1], SoftTimeLimitExceeded())
    assert run(rings) == [Outcome.ALONE] * 4
    assert {states(each) for each in rings} == {("waiting", 0)}
    assert [run([each]) for each in rings] == [[Outcome.ENDED]] * 4
    assert [states(each)[0] for each in rings] == ["done", "failed", "done", "done"]


def test_batch_gives_way_to_who_holds_a_row_for_long(rings):
    """It runs one by one then, and only who needs the row waits for it."""
    is_run_alone, tries = Event(), []

    def change(event):
        if event.id == rings[0].id:
            tries.append(event)
            if len(tries) == 2:
                is_run_alone.set()
        OutboxEvent.objects.filter(id=event.id).update(traceparent="changed")

    behaviour["answer"] = change
    while_held(rings[0].id, lambda: run(rings), is_run_alone)
    assert len(tries) == 2
    assert {states(each) for each in rings} == {("done", 1)}


def test_copies_in_one_batch_have_one_effect(rings):
    assert run([rings[0], rings[0], rings[1]]) == [Outcome.ENDED] * 3
    assert len(emitted(Answered)) == 2


def test_what_no_code_can_read_harms_no_other_of_the_batch(rings):
    wire = rings[0].to_wire() | {"specversion": "7"}
    results = handling.run("tests", [(wire, False), *((r.to_wire(), False) for r in rings[1:])])
    assert [outcome for outcome, _ in results] == [Outcome.ENDED] * 4
    assert [states(each)[0] for each in rings] == ["waiting", "done", "done", "done"]
