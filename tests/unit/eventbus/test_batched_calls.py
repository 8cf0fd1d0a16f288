"""External calls of a batch are made outside any transaction, and their answers kept in one."""

import math
from datetime import timedelta
from threading import Event
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from eventbus.delivery import batch, calls
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.messaging.handling import Outcome
from eventbus.testing import emit, emitted
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.deliveries import envelope_of, execute
from tests.unit.eventbus.events import Answered, Knocked, Rang
from tests.unit.eventbus.test_batch import commits, run
from tests.workers import while_held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _unhurried(settings, monkeypatch):
    settings.EVENTBUS_BATCH_WITHIN = timedelta(minutes=1)
    monkeypatch.setattr(batch, "pace", batch.Pace())


@pytest.fixture
def knocks():
    """Envelopes of events whose reaction makes an external call."""
    return [envelope_of(Knocked(door=uuid4())) for _ in range(4)]


@pytest.fixture
def made():
    """The doors that were called at, in this order."""
    return []


@pytest.fixture
def clock(monkeypatch):
    """The clock of those who make calls: a test sets its `now`."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(calls, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.fixture(autouse=True)
def at_the_door(made):
    """What calls and answers do, by the event's id, beside being noted."""
    does = {}

    def reaction(event: Knocked):
        def call():
            made.append(event.id)
            return does.get(("call", event.id), lambda: "key")()

        answer = yield call
        does.get(("answer", event.id), lambda: None)()
        emit(Answered(bell=event.door, by=answer))

    behaviour["open_the_door"] = reaction
    return does


def row(envelope) -> Delivery:
    return Delivery.objects.get(event_id=envelope.id, reaction="open_the_door")


def states(envelopes) -> list[tuple]:
    rows = [row(each) for each in envelopes]
    return [(each.state, each.attempts, each.leased_until) for each in rows]


DONE, NOT_BEGUN = ("done", 1, None), ("waiting", 0, None)


def breaks(error: Exception):
    def fail():
        raise error

    return fail


def ids(envelopes) -> list[UUID]:
    return [each.id for each in envelopes]


def test_calls_of_a_batch_are_begun_in_one_commit_and_recorded_in_another(knocks, made):
    assert len(commits(lambda: run(knocks))) == 2
    assert made == ids(knocks)
    assert states(knocks) == [DONE] * 4
    assert len(emitted(Answered)) == 4


def test_while_a_call_is_made_nothing_is_locked(knocks, at_the_door):
    def look():
        seen.append(connection.in_atomic_block)
        with transaction.atomic():
            list(Delivery.objects.select_for_update(nowait=True))
        return "key"

    seen = []
    at_the_door.update({("call", id): look for id in ids(knocks)})
    run(knocks)
    assert seen == [False] * 4
    assert states(knocks) == [DONE] * 4


def test_calls_share_a_batch_with_reactions_that_make_none(knocks):
    rings = [envelope_of(Rang(bell=uuid4())) for _ in range(2)]
    assert len(commits(lambda: run([rings[0], *knocks, rings[1]]))) == 2
    states = Delivery.objects.filter(app="tests").values_list("state", flat=True)
    assert set(states) == {"done"}


def test_statements_for_a_further_call_of_a_batch_are_those_of_its_savepoint(knocks):
    def count(envelopes):
        with CaptureQueriesContext(connection) as queries:
            run(envelopes)
        return len(queries)

    fewer = count(knocks[:2])
    assert (
        count(knocks[2:] + [envelope_of(Knocked(door=uuid4())) for _ in range(3)]) - fewer == 3 * 4
    )


def test_run_that_yields_a_further_call_goes_round_again(knocks, made):
    def twice(event):
        first = yield lambda: made.append(event.id) or "one"
        second = yield lambda: made.append(event.id) or "two"
        emit(Answered(bell=event.door, by=first + second))

    behaviour["open_the_door"] = twice
    assert len(commits(lambda: run(knocks))) == 3
    assert made == 2 * ids(knocks)
    assert [each.by for each in emitted(Answered)] == ["onetwo"] * 4


def test_slow_call_delays_no_other_of_its_batch_by_more_than_itself(
    knocks, made, at_the_door, clock
):
    def be_slow():
        clock.now = math.inf
        return "key"

    at_the_door["call", knocks[1].id] = be_slow
    assert run(knocks) == [Outcome.ENDED, Outcome.ENDED, Outcome.LEFT, Outcome.LEFT]
    assert made == ids(knocks[:2])
    assert states(knocks) == [DONE, DONE, NOT_BEGUN, NOT_BEGUN]


def test_what_was_left_runs_next_and_is_counted_once(knocks, made, clock):
    clock.now = math.inf
    assert run(knocks) == [Outcome.ENDED, *[Outcome.LEFT] * 3]
    assert all(row(each).resend_at for each in knocks[1:]), "what gets lost now comes never"
    clock.now = 0.0
    while Outcome.LEFT in run(knocks):
        pass
    assert made == ids(knocks)
    assert states(knocks) == [DONE] * 4


def test_batch_begins_only_as_many_calls_as_the_last_had_time_for(knocks, clock):
    begun = []

    def reaction(event):
        begun.append(event.id)
        yield lambda: None

    behaviour["open_the_door"] = reaction
    clock.now = math.inf
    run(knocks)
    begun.clear()
    assert run(knocks[1:]) == [Outcome.ENDED, Outcome.LEFT, Outcome.LEFT]
    assert begun == ids(knocks[1:2])
    clock.now = 0.0
    emitted_later = [envelope_of(Knocked(door=uuid4())) for _ in range(4)]
    assert [run(knocks[2:3]), run(emitted_later)] == [
        [Outcome.ENDED],
        [Outcome.ENDED, Outcome.ENDED, Outcome.LEFT, Outcome.LEFT],
    ]


@pytest.mark.parametrize("what", ["call", "answer"])
def test_failure_costs_only_itself(knocks, made, at_the_door, what):
    at_the_door[what, knocks[1].id] = breaks(ValueError("no key"))
    assert run(knocks) == [Outcome.ENDED] * 4
    assert made == ids(knocks)
    assert [state for state, *_ in states(knocks)] == ["done", "failed", "done", "done"]
    assert "no key" in row(knocks[1]).error
    assert len(emitted(Answered)) == 3


def test_failure_before_the_call_costs_only_itself(knocks, made):
    usual = behaviour["open_the_door"]

    def reaction(event):
        if event.id == knocks[1].id:
            raise ValueError("no door")
        yield from usual(event)

    behaviour["open_the_door"] = reaction
    assert run(knocks) == [Outcome.ENDED] * 4
    assert [state for state, *_ in states(knocks)] == ["done", "failed", "done", "done"]
    assert made == ids([knocks[0], *knocks[2:]])


def test_answer_is_void_once_another_worker_has_taken_over(knocks, at_the_door):
    def take_over():
        Delivery.objects.filter(event_id=knocks[0].id).update(
            leased_until=None, attempts=F("attempts") + 1
        )
        return "key"

    at_the_door["call", knocks[1].id] = take_over
    assert run(knocks) == [Outcome.ENDED] * 4
    assert states(knocks) == [("waiting", 2, None), DONE, DONE, DONE]
    assert len(emitted(Answered)) == 3


def test_answers_wait_for_a_database_in_which_they_can_be_written_down(knocks, made, at_the_door):
    def lose_the_database():
        execute("set default_transaction_read_only = on")
        return "key"

    at_the_door["call", knocks[3].id] = lose_the_database
    assert run(knocks) == [Outcome.ENDED] * 4
    assert made == ids(knocks)
    assert states(knocks) == [DONE] * 4


def test_answer_that_meets_a_lock_begins_anew_by_itself(knocks, made, at_the_door):
    is_left, outcomes = Event(), []

    def change():
        OutboxEvent.objects.filter(id=knocks[1].id).update(traceparent="changed")

    def work():
        outcomes.extend(run(knocks))
        is_left.set()

    at_the_door["answer", knocks[1].id] = change
    while_held(knocks[1].id, work, is_left)
    assert outcomes == [Outcome.ENDED, Outcome.ALONE, Outcome.ENDED, Outcome.ENDED]
    assert states(knocks) == [DONE, NOT_BEGUN, DONE, DONE]
    assert run(knocks[1:2]) == [Outcome.ENDED]
    assert states(knocks) == [DONE] * 4


def test_answer_that_breaks_the_connection_fails_alone_and_the_others_begin_anew(
    knocks, made, at_the_door
):
    def spoil():
        connection.connection.close()
        raise ValueError("no butler")

    at_the_door["answer", knocks[1].id] = spoil
    assert run(knocks) == [Outcome.ALONE, *[Outcome.ENDED] * 3]
    assert [state for state, *_ in states(knocks)] == ["waiting", "failed", "done", "done"]
    assert states(knocks)[0] == NOT_BEGUN
    assert run(knocks[:1]) == [Outcome.ENDED]
    assert made == [*ids(knocks), knocks[0].id]
    assert len(emitted(Answered)) == 3


def test_outage_in_the_midst_of_the_answers_is_no_failure_of_any(knocks, at_the_door):
    def lose_the_database():
        if not lost:
            lost.append(True)
            execute("do $$ begin raise 'so it is' using errcode = '25006'; end $$")

    lost = []
    at_the_door["answer", knocks[1].id] = lose_the_database
    assert run(knocks) == [Outcome.ALONE, Outcome.ALONE, Outcome.ENDED, Outcome.ENDED]
    assert states(knocks) == [NOT_BEGUN, NOT_BEGUN, DONE, DONE]
    assert [run([each]) for each in knocks[:2]] == [[Outcome.ENDED]] * 2
    assert states(knocks) == [DONE] * 4


def test_message_that_may_have_killed_its_worker_makes_its_call_by_itself(knocks):
    assert len(commits(lambda: run(knocks, redelivered=True))) == 3 * len(knocks)
    assert states(knocks) == [DONE] * 4
