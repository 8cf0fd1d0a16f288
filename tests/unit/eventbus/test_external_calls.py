"""A reaction that yields a call: the call is made once, and its answer recorded once."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from eventbus.delivery.models import Delivery
from eventbus.delivery.runner import Incoming, handle
from eventbus.testing import emit, emitted, given
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.deliveries import delivery, envelope_of, execute
from tests.unit.eventbus.events import Answered, Knocked

pytestmark = pytest.mark.django_db


def steps(call, log):
    def reaction(event):
        log.append("before")
        answer = yield call
        log.append(answer)
        emit(Answered(bell=event.door, by=str(answer)))

    return reaction


def test_call_is_made_once_and_its_answer_comes_back():
    log = []
    behaviour["open_the_door"] = steps(lambda: "key", log)
    given(Knocked(door=uuid4()), to="tests", times=2)
    assert log == ["before", "key"]
    assert emitted(Answered)[0].by == "key"


def test_error_of_the_call_fails_the_delivery_and_keeps_what_came_before():
    def unavailable():
        raise ConnectionError("no line")

    def reaction(event):
        emit(Answered(bell=event.door, by="before"))
        yield unavailable

    behaviour["open_the_door"] = reaction
    handle("tests", [Incoming(envelope_of(Knocked(door=uuid4())))])
    row = delivery("open_the_door")
    assert (row.state, row.attempts) == ("failed", 1)
    assert "no line" in row.error
    assert [a.by for a in emitted(Answered)] == ["before"]


@pytest.mark.django_db(transaction=True)
def test_an_answer_waits_for_a_database_in_which_it_can_be_written_down():
    log = []

    def call():
        execute("set default_transaction_read_only = on")
        return "key"

    behaviour["open_the_door"] = steps(call, log)
    handle("tests", [Incoming(envelope_of(Knocked(door=uuid4())))])
    row = delivery("open_the_door")
    assert (row.state, row.attempts, log) == ("done", 1, ["before", "key"])


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_a_reaction_has_gone_on_with_is_not_given_twice():
    log = []

    def reaction(event):
        log.append((yield lambda: "key"))
        execute("do $$ begin raise 'so it is' using errcode = '25006'; end $$")

    behaviour["open_the_door"] = reaction
    with pytest.raises(DatabaseError):
        handle("tests", [Incoming(envelope_of(Knocked(door=uuid4())))])
    assert (delivery("open_the_door").state, log) == ("waiting", ["key"])


@pytest.mark.parametrize("not_a_call", [None, "an answer", 0])
def test_yielding_something_else_than_a_call_is_a_failure(not_a_call):
    behaviour["open_the_door"] = steps(not_a_call, [])
    handle("tests", [Incoming(envelope_of(Knocked(door=uuid4())))])
    assert "must yield a call" in delivery("open_the_door").error


def test_call_under_way_is_not_parked_by_a_copy_from_newer_code():
    def call():
        handle("tests", [Incoming(replace(envelope, version=9))])
        return "key"

    behaviour["open_the_door"] = steps(call, [])
    envelope = envelope_of(Knocked(door=uuid4()))
    handle("tests", [Incoming(envelope)])
    assert delivery("open_the_door").state == "done"


def test_copy_is_left_alone_while_the_call_is_under_way():
    log, knocked = [], Knocked(door=uuid4())

    def call():
        handle("tests", [Incoming(envelope)])
        return "key"

    behaviour["open_the_door"] = steps(call, log)
    envelope = envelope_of(knocked)
    handle("tests", [Incoming(envelope)])
    assert log == ["before", "key"]


def test_copies_that_come_during_the_call_are_not_attempts():
    def call():
        handle("tests", [Incoming(envelope, redelivered=True)])

    behaviour["open_the_door"] = steps(call, [])
    envelope = envelope_of(Knocked(door=uuid4()))
    handle("tests", [Incoming(envelope)])
    assert delivery("open_the_door").attempts == 1


def test_abandoned_call_is_taken_over_when_its_lease_is_over():
    log = []
    behaviour["open_the_door"] = steps(lambda: "key", log)
    envelope = envelope_of(Knocked(door=uuid4()))
    Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    handle("tests", [Incoming(envelope, redelivered=True)])
    assert delivery("open_the_door").state == "done"


def test_answer_that_comes_after_the_lease_was_taken_over_is_void():
    def call():
        Delivery.objects.update(leased_until=timezone.now() + timedelta(hours=1))
        return "late"

    log = []
    behaviour["open_the_door"] = steps(call, log)
    handle("tests", [Incoming(envelope_of(Knocked(door=uuid4())))])
    assert log == ["before"]
    assert not emitted(Answered)


def test_answer_that_comes_after_the_event_was_sent_again_counts_while_nobody_took_it():
    def call():
        Delivery.objects.update(leased_until=None)
        return "late"

    log = []
    behaviour["open_the_door"] = steps(call, log)
    handle("tests", [Incoming(envelope_of(Knocked(door=uuid4())))])
    assert log == ["before", "late"]


def test_answer_is_void_once_somebody_has_counted_an_attempt():
    def call():
        Delivery.objects.update(leased_until=None, attempts=F("attempts") + 1)
        return "late"

    log = []
    behaviour["open_the_door"] = steps(call, log)
    handle("tests", [Incoming(envelope_of(Knocked(door=uuid4())))])
    assert log == ["before"]
