"""Who does not react in time is told of, once, until it has caught up."""

import json
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from eventbus.console.events import ReactionOverdue
from eventbus.delivery import pause
from eventbus.delivery.models import Delivery
from eventbus.delivery.runner import Incoming, handle
from eventbus.operations import overdue
from eventbus.operations.models import OverdueEpisode
from eventbus.signals import reaction_overdue
from eventbus.testing import emitted
from tests.unit.eventbus.events import Rang
from tests.unit.eventbus.test_pausing import publish

pytestmark = pytest.mark.django_db


def minutes_ago(minutes):
    return timezone.now() - timedelta(minutes=minutes)


@pytest.fixture
def waiting(rang):
    """A bell that nobody has answered for two minutes; the dog has just been told."""
    envelope = publish(rang)
    Delivery.objects.filter(reaction="answer").update(waiting_since=minutes_ago(2))
    return envelope


def found():
    return [(each.app, each.reaction) for each in overdue.overdue_reactions()]


def test_an_event_that_has_waited_too_long_is_overdue(waiting):
    (late,) = overdue.overdue_reactions()
    assert (late.app, late.reaction, late.event_id) == ("tests", "answer", waiting.id)
    assert (late.event_type, late.waiting_since < minutes_ago(1)) == ("tests.Rang", True)
    assert [row.reaction for row in overdue.deliveries()] == ["answer"]


@pytest.mark.parametrize("state", ["done", "parked", "discarded"])
def test_what_is_closed_or_parked_is_not(waiting, state):
    Delivery.objects.update(state=state)
    assert (found(), list(overdue.deliveries())) == ([], [])


def test_what_fails_again_and_again_is(waiting):
    Delivery.objects.update(state="failed")
    assert found() == [("tests", "answer")]


@pytest.mark.parametrize("reaction", ["", "answer"])
def test_what_is_paused_is_silent_on_purpose(waiting, reaction):
    pause.pause("tests", reaction, by="Ada", reason="why")
    assert (found(), list(overdue.deliveries())) == ([], [])
    pause.resume("tests", reaction, by="Ada")
    assert (found(), list(overdue.deliveries())) == ([], []), "it has only just begun again"


@pytest.mark.parametrize(("seconds", "late"), [(30, True), (300, False)])
def test_a_reaction_may_have_a_time_of_its_own(waiting, monkeypatch, seconds, late):
    own = {("tests", "answer"): timedelta(seconds=seconds)}
    usual = overdue.thresholds() | own
    monkeypatch.setattr(overdue, "thresholds", lambda: usual)
    assert bool(found()) is late
    assert overdue.deliveries().exists() is late


def test_the_time_stands_where_the_reaction_is_declared():
    assert overdue.thresholds()["tests", "hurry"] == timedelta(seconds=5)
    assert overdue.thresholds()["tests", "answer"] == timedelta(seconds=60)


def test_an_episode_is_told_of_once_however_many_events_wait(waiting):
    for _ in range(3):
        publish(Rang(bell=uuid4()))
        Delivery.objects.filter(reaction="answer").update(waiting_since=minutes_ago(3))
        overdue.notify_overdue()
    (event,) = emitted(ReactionOverdue)
    assert (event.reacting_app, event.reaction, event.event_type) == (
        "tests",
        "answer",
        "tests.Rang",
    )


def test_when_it_has_caught_up_the_episode_is_over_and_the_next_is_told_of_again(waiting):
    overdue.notify_overdue()
    handle("tests", [Incoming(waiting)])
    overdue.notify_overdue()
    assert not OverdueEpisode.objects.exists()
    publish(Rang(bell=uuid4()))
    Delivery.objects.filter(reaction="answer", state="waiting").update(waiting_since=minutes_ago(2))
    overdue.notify_overdue()
    assert len(emitted(ReactionOverdue)) == 2


def test_that_telling_is_overdue_itself_does_not_go_on_for_ever(waiting):
    """Some app reacts to every event, this one too, and may be the one that is off."""
    for _ in range(5):
        overdue.notify_overdue()
        for row in emitted(ReactionOverdue):
            Delivery.objects.get_or_create(
                event_id=row.id,
                app="tests",
                reaction="answer",
                defaults={"waiting_since": minutes_ago(9)},
            )
    assert len(emitted(ReactionOverdue)) == 1


def test_what_could_not_be_told_is_told_next_time(waiting):
    def fail(**_):
        raise LookupError

    reaction_overdue.connect(fail)
    try:
        with pytest.raises(LookupError):
            overdue.notify_overdue()
        assert not OverdueEpisode.objects.exists()
        assert not emitted(ReactionOverdue)
    finally:
        reaction_overdue.disconnect(fail)
    overdue.notify_overdue()
    assert len(emitted(ReactionOverdue)) == 1


def test_looking_takes_two_queries(waiting, django_assert_num_queries):
    with django_assert_num_queries(2):
        overdue.overdue_reactions()


def run(*arguments):
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("overdue", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_shows_reactions_or_each_event(waiting):
    assert run().splitlines()[1].split()[:2] == ["tests.answer", "1"]
    assert f"tests.answer of tests.Rang {waiting.subject}: waiting since" in run("--full")
    assert json.loads(run("--json"))[0]["count"] == 1
    assert json.loads(run("--json", "--full"))[0]["event_id"] == str(waiting.id)


def test_the_command_says_when_nobody_is_overdue(capsys):
    call_command("overdue")
    assert capsys.readouterr().out == "Nobody is overdue.\n"
