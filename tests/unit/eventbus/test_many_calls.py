"""A reaction that takes many makes a call for each event: some may fail, some have no time."""

import math
from functools import partial
from threading import Event as Flag

import pytest
from django.db import connection

from eventbus import because_of, emit
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.messaging.handling import Outcome
from eventbus.operations.dry_run import dry_run
from eventbus.testing import emitted
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.deliveries import envelope_of
from tests.unit.eventbus.events import Answered, Honked, Rang
from tests.unit.eventbus.test_batch import commits, run
from tests.unit.eventbus.test_batched_calls import (  # noqa: F401
    DONE,
    NOT_BEGUN,
    _unhurried,
    breaks,
    clock,
    ids,
)
from tests.workers import while_held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def honks():
    """Envelopes of events whose one reaction makes an external call for each."""
    return [envelope_of(Honked(name=name)) for name in "abcd"]


@pytest.fixture
def begun():
    """The names in each call of the reaction."""
    return []


@pytest.fixture
def made():
    """The names that were called for, in this order."""
    return []


@pytest.fixture(autouse=True)
def at_the_gates(begun, made):
    """What calls and answers do, by the event's name, beside being noted."""
    does = {}

    def call(name):
        made.append(name)
        return does.get(("call", name), lambda: f"key of {name}")()

    def reaction(events):
        begun.append("".join(event.name for event in events))
        answers = yield {event.id: partial(call, event.name) for event in events}
        for event in events:
            if event.id in answers:
                does.get(("answer", event.name), lambda: None)()
                with because_of(event):
                    emit(Answered(bell=event.id, by=answers[event.id]))

    behaviour["open_the_gates"] = reaction
    return does


def states(envelopes) -> list[tuple]:
    rows = map(delivery_of, envelopes)
    return [(row.state, row.attempts, row.leased_until) for row in rows]


def delivery_of(envelope) -> Delivery:
    return Delivery.objects.get(event_id=envelope.id, reaction="open_the_gates")


def answered() -> set[tuple]:
    rows = OutboxEvent.objects.filter(type=Answered.type)
    return {(row.causation_id, row.data["by"]) for row in rows}


def keys(*envelopes) -> set[tuple]:
    return {(each.id, f"key of {each.data['name']}") for each in envelopes}


def test_calls_are_begun_in_one_commit_and_all_answers_kept_in_another(honks, begun, made):
    assert len(commits(lambda: run(honks))) == 2
    assert (begun, made) == (["abcd"], list("abcd"))
    assert states(honks) == [DONE] * 4
    assert answered() == keys(*honks)


def test_a_further_call_takes_no_statement_more(honks):
    def count(envelopes):
        connection.queries_log.clear()
        connection.force_debug_cursor = True
        try:
            run(envelopes)
        finally:
            connection.force_debug_cursor = False
        return len(connection.queries)

    more = [envelope_of(Honked(name=name)) for name in "efghi"]
    assert count(honks) == count(more)


def test_one_that_comes_alone_makes_its_call_alone(honks, begun, made):
    run(honks[:1])
    assert (begun, made, states(honks[:1])) == (["a"], ["a"], [DONE])
    assert answered() == keys(honks[0])


def test_event_without_a_call_is_done_at_once(honks, made):
    def reaction(events):
        answers = yield {event.id: partial(made.append, event.name) for event in events[1:3]}
        assert set(answers) == {event.id for event in events[1:3]}

    behaviour["open_the_gates"] = reaction
    assert run(honks) == [Outcome.ENDED] * 4
    assert made == ["b", "c"]
    assert states(honks) == [DONE] * 4


def test_call_that_fails_costs_only_its_event(honks, begun, at_the_gates):
    at_the_gates["call", "b"] = breaks(ValueError("no key"))
    assert run(honks) == [Outcome.ENDED] * 4
    assert [state for state, *_ in states(honks)] == ["done", "failed", "done", "done"]
    assert "no key" in delivery_of(honks[1]).error
    assert answered() == keys(honks[0], honks[2], honks[3])
    assert begun == ["abcd"]


def test_answer_that_fails_has_each_begin_anew_by_itself(honks, begun, at_the_gates):
    at_the_gates["answer", "b"] = breaks(ValueError("no butler"))
    assert run(honks) == [Outcome.ALONE] * 4
    assert states(honks) == [NOT_BEGUN] * 4
    assert not answered()
    assert [run([each]) for each in honks] == [[Outcome.ENDED]] * 4
    assert [state for state, *_ in states(honks)] == ["done", "failed", "done", "done"]
    assert begun == ["abcd", *"abcd"]
    assert answered() == keys(honks[0], honks[2], honks[3])


def test_answer_that_fails_costs_no_other_reaction_anything(honks, at_the_gates):
    at_the_gates["answer", "b"] = breaks(ValueError("no butler"))
    others = [envelope_of(Rang(bell=honks[0].id))]
    assert run([*honks[:2], *others]) == [Outcome.ALONE, Outcome.ALONE, Outcome.ENDED]


def test_answer_that_meets_a_lock_has_each_begin_anew_by_itself(honks, at_the_gates):
    is_left, outcomes = Flag(), []

    def work():
        outcomes.extend(run(honks))
        is_left.set()

    at_the_gates["answer", "b"] = lambda: OutboxEvent.objects.filter(id=honks[1].id).update(
        traceparent="changed"
    )
    while_held(honks[1].id, work, is_left)
    assert outcomes == [Outcome.ALONE] * 4
    assert states(honks) == [NOT_BEGUN] * 4


def test_answer_that_breaks_the_connection_has_each_begin_anew(honks, at_the_gates):
    def spoil():
        connection.connection.close()
        raise ValueError("no butler")

    at_the_gates["answer", "b"] = spoil
    assert run(honks) == [Outcome.ALONE] * 4
    assert states(honks) == [NOT_BEGUN] * 4


def test_what_there_was_no_time_for_is_run_next(honks, begun, made, at_the_gates, clock):  # noqa: F811
    def be_slow():
        clock.now = math.inf
        return "late"

    at_the_gates["call", "b"] = be_slow
    assert run(honks) == [Outcome.ENDED, Outcome.ENDED, Outcome.LEFT, Outcome.LEFT]
    assert states(honks) == [DONE, DONE, NOT_BEGUN, NOT_BEGUN]
    clock.now = 0.0
    assert run(honks[2:]) == [Outcome.ENDED] * 2
    assert (begun, made) == (["abcd", "cd"], list("abcd"))
    assert len(emitted(Answered)) == 4


def test_batch_begins_only_as_many_as_the_last_had_time_for(honks, begun, clock):  # noqa: F811
    clock.now = math.inf
    run(honks)
    assert run(honks[1:]) == [Outcome.ENDED, Outcome.LEFT, Outcome.LEFT]
    assert begun == ["abcd", "b"]


def test_further_calls_are_made_before_the_reaction_goes_on(honks, made, clock):  # noqa: F811
    def twice(events):
        first = yield {event.id: partial(note, event.name) for event in events}
        again = [event for event in events if event.id in first and event.name != "c"]
        second = yield {event.id: partial(note, event.name.upper()) for event in again}
        assert len(second) == len(again)

    def note(name):
        made.append(name)
        if name == "A":
            clock.now = 10.0**9

    behaviour["open_the_gates"] = twice
    assert run(honks) == [Outcome.ENDED] * 4
    assert made == list("abcdABD")
    assert states(honks) == [DONE] * 4


def test_dry_run_names_the_call_of_the_one_event(honks, made):
    tried = dry_run(delivery_of(honks[0]))
    assert tried.outcome == "calls"
    assert "call" in tried.calls[0]
    assert not made
