"""A reaction that takes many gets what waits together in one call; each event stays its own."""

from datetime import timedelta

import pytest

from eventbus import because_of, emit, redact
from eventbus.context import current_cause
from eventbus.delivery import pause
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.history.models import Redaction
from eventbus.operations.dry_run import dry_run
from eventbus.signals import reaction_finished
from eventbus.testing import given, given_together, redeliver
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.deliveries import envelope_of
from tests.unit.eventbus.events import Answered, Passed, Waved
from tests.unit.eventbus.test_batch import run, states

pytestmark = pytest.mark.django_db(transaction=True)

MANY = "list_passers"


@pytest.fixture(autouse=True)
def _unhurried(settings):
    settings.EVENTBUS_BATCH_WITHIN = timedelta(minutes=1)


@pytest.fixture
def calls():
    """The names in each call of the reaction."""
    made: list[list[str]] = []
    behaviour[MANY] = lambda events: made.append([event.name for event in events])
    return made


@pytest.fixture
def passers():
    """Envelopes of events of two types, which one reaction takes together."""
    return [
        envelope_of(kind(name=name)) for kind, name in [(Passed, "a"), (Waved, "b"), (Passed, "c")]
    ]


def test_what_waits_together_is_one_list_of_all_types_in_the_order_of_the_messages(calls, passers):
    run([passers[2], passers[0], passers[1]])
    assert calls == [["c", "a", "b"]]
    assert {states(each, MANY) for each in passers} == {("done", 1)}


def test_one_that_comes_alone_is_a_list_of_one(calls, passers):
    run(passers[:1])
    given(passed := Passed(name="d"), to="tests")
    redeliver(passed, to="tests")
    assert calls == [["a"], ["d"]]


def test_each_event_has_its_own_log_line_signal_and_share_of_the_time(calls, passers):
    def note(row, envelope, **_):
        ended.append((envelope.id, row.reaction, row.state, row.duration_ms < 50))

    ended: list[tuple] = []
    reaction_finished.connect(note)
    run(passers)
    reaction_finished.disconnect(note)
    assert [each for each in ended if each[1] == MANY] == [
        (each.id, MANY, "done", True) for each in passers
    ]


def test_what_is_given_together_is_one_list(calls):
    given_together(Passed(name="a"), Waved(name="b"), to="tests")
    assert calls == [["a", "b"]]


def test_one_that_fails_in_a_list_costs_only_itself(calls, passers):
    def refuse(events):
        calls.append([event.name for event in events])
        if any(event.name == "b" for event in events):
            raise ValueError("b is not wanted")

    behaviour[MANY] = refuse
    run(passers)
    assert calls == [["a", "b", "c"], ["a"], ["b"], ["c"]]
    assert [states(each, MANY) for each in passers] == [("done", 1), ("failed", 1), ("done", 1)]
    assert states(passers[1], "wave_back") == ("done", 1)


def test_what_is_done_or_failed_is_in_no_list(calls, passers):
    run(passers[:1])
    Delivery.objects.filter(event_id=passers[1].id, reaction=MANY).update(state="failed")
    calls.clear()
    run(passers)
    assert calls == [["c"]]


def test_what_is_paused_is_in_no_list(calls, passers):
    pause.pause("tests", MANY, by="operator", reason="to see")
    run(passers)
    assert not calls
    assert states(passers[1], "wave_back") == ("done", 1)
    pause.resume("tests", MANY, by="operator")
    run(passers)
    assert calls == [["a", "b", "c"]]


def test_what_may_have_killed_its_worker_is_a_list_of_one(calls, passers):
    run(passers, redelivered=True)
    assert calls == [["a"], ["b"], ["c"]]


def test_message_whose_other_reaction_ran_out_of_time_comes_again(calls, passers, settings):
    settings.EVENTBUS_BATCH_WITHIN = timedelta()
    run(passers)
    assert calls == [["a", "b", "c"]]
    assert states(passers[1], "wave_back") == ("waiting", 0)
    run(passers)
    assert states(passers[1], "wave_back") == ("done", 1)
    assert len(calls) == 1


def test_dry_run_gives_it_the_one_event(calls, passers):
    assert dry_run(Delivery.objects.get(event_id=passers[0].id, reaction=MANY)).outcome == "done"
    assert calls == [["a"]]


def test_one_event_is_the_cause_and_several_are_none(passers):
    behaviour[MANY] = lambda events: causes.append(current_cause())
    causes: list = []
    run(passers[:1])
    run(passers[1:])
    assert causes == [passers[0], None]


def test_redaction_is_asked_for_event_by_event(passers):
    """It waits for the reactions to its cause: without one it would be over at once."""
    behaviour[MANY] = lambda events: redact([event.name for event in events])
    run(passers)
    causes = set(Redaction.objects.values_list("cause_id", flat=True))
    assert causes == {each.id for each in passers}


def greet(event):
    emit(Answered(bell=event.id, by=event.name))


def greet_each(events):
    for event in events:
        with because_of(event):
            greet(event)


def test_each_event_is_the_cause_of_what_is_emitted_because_of_it(passers):
    behaviour[MANY] = greet_each
    run(passers)
    emitted = OutboxEvent.objects.filter(type=Answered.type)
    assert {(row.causation_id, row.correlation_id, row.data["bell"]) for row in emitted} == {
        (each.id, each.correlation_id, str(each.id)) for each in passers
    }
    assert {row.emitted_by for row in emitted} == {MANY}


def test_what_is_emitted_because_of_one_event_is_emitted_with_it_alone(passers):
    def refuse_b(events):
        greet_each(events)
        if any(event.name == "b" for event in events):
            raise ValueError("b is not wanted")

    behaviour[MANY] = refuse_b
    run(passers)
    assert [row.data["by"] for row in OutboxEvent.objects.filter(type=Answered.type)] == ["a", "c"]


def test_dry_run_shows_what_would_be_emitted_because_of_the_one_event(passers):
    behaviour[MANY] = greet_each
    tried = dry_run(Delivery.objects.get(event_id=passers[0].id, reaction=MANY))
    assert [event.data["by"] for event in tried.events] == ["a"]


@pytest.mark.parametrize("several", [False, True], ids=["one", "several"])
def test_what_takes_many_emits_nothing_without_saying_because_of_what(passers, several):
    behaviour[MANY] = lambda events: greet(events[0])
    run(given_now := passers if several else passers[:1])
    assert {states(each, MANY)[0] for each in given_now} == {"parked"}
    assert not OutboxEvent.objects.filter(type=Answered.type).exists()


def test_what_takes_many_emits_nothing_undeclared(passers):
    def wave(events):
        with because_of(events[0]):
            emit(Waved(name="me too"))

    behaviour[MANY] = wave
    run(passers)
    assert {states(each, MANY)[0] for each in passers} == {"parked"}


def test_only_an_event_that_the_reaction_was_given_is_a_cause(passers):
    def blame_another(events):
        with because_of(passers[0].event()):
            pass

    behaviour[MANY] = blame_another
    run(passers[1:])
    assert {states(each, MANY)[0] for each in passers[1:]} == {"parked"}
