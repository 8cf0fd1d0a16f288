"""What is paused waits: nothing of it is lost, run twice or counted as an attempt."""

import json
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from eventbus.delivery import ledger, pause, relay
from eventbus.delivery.models import Delivery, OperatorAction, OutboxEvent, Pause
from eventbus.delivery.runner import Incoming, handle
from eventbus.testing import emit, emitted
from tests.unit.eventbus.brokers import FakeBroker
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.events import Answered, Rang

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker():
    return FakeBroker()


def pause_app(name="tests", reaction=""):
    return pause.pause(name, reaction, by="Ada", reason="the bell is being mended")


def resume_app(name="tests", reaction=""):
    return pause.resume(name, reaction, by="Ada")


def publish(event):
    """Emit an event and make its deliveries, as the relay does; returns its envelope."""
    with transaction.atomic():
        emit(event)
    row = OutboxEvent.objects.get(id=event.id)
    ledger.create_deliveries([row])
    Delivery.objects.exclude(app="tests").delete()
    return row.envelope


def delivery(reaction="answer"):
    return Delivery.objects.get(app="tests", reaction=reaction)


def deliver(broker):
    """Hand over what the relay has sent again, and forget that it was sent."""
    for app, id in broker.queues:
        envelope = OutboxEvent.objects.get(id=id).envelope
        handle(app, [Incoming(envelope, redelivered=True)])
    broker.queues.clear()


def test_a_paused_app_leaves_its_events_waiting_and_counts_no_attempt(rang):
    pause_app()
    envelope = publish(rang)
    handle("tests", [Incoming(envelope)])
    handle("tests", [Incoming(envelope, redelivered=True)])
    assert not emitted(Answered)
    assert (delivery().state, delivery().attempts) == ("waiting", 0)


def test_one_reaction_can_be_paused_alone(rang):
    pause_app(reaction="answer")
    handle("tests", [Incoming(publish(rang), redelivered=True)])
    paused, other = delivery(), delivery("wake_the_dog")
    assert (paused.state, paused.attempts, other.state) == ("waiting", 0, "done")


def test_a_pause_holds_no_other_app(rang):
    pause_app("billing")
    handle("tests", [Incoming(publish(rang))])
    assert delivery().state == "done"


def test_a_delivery_nobody_had_made_yet_is_made_and_waits_its_turn(rang, broker):
    pause_app()
    envelope = publish(rang)
    Delivery.objects.all().delete()
    handle("tests", [Incoming(envelope)])
    assert delivery().resend_at
    resume_app()
    relay.resend_due(broker)
    deliver(broker)
    assert delivery().state == "done"


def test_the_relay_does_not_send_what_is_paused(rang, broker):
    publish(rang)
    pause_app()
    Delivery.objects.update(resend_at=timezone.now() - timedelta(seconds=1), state="failed")
    assert relay.resend_due(broker) == 0
    assert broker.queues == []


def test_nor_what_there_was_no_time_to_put_off(rang, broker, monkeypatch):
    monkeypatch.setattr(pause, "BATCH", 0)
    publish(rang)
    pause_app()
    Delivery.objects.update(resend_at=timezone.now() - timedelta(seconds=1))
    assert relay.resend_due(broker) == 0


def test_what_is_paused_is_put_off_so_that_it_stands_in_nobodys_way(rang):
    publish(rang)
    pause_app(reaction="answer")
    Delivery.objects.update(resend_at=timezone.now() - timedelta(seconds=1))
    pause.postpone()
    assert delivery().resend_at > timezone.now() + timedelta(minutes=50)
    assert delivery("wake_the_dog").resend_at < timezone.now()


@pytest.mark.parametrize("state", ["waiting", "failed"])
def test_resuming_makes_what_waited_due_at_once_whatever_the_queue_holds(rang, broker, state):
    pause_app()
    handle("tests", [Incoming(publish(rang))])
    Delivery.objects.update(state=state)
    broker.depths["tests"] = 7
    assert resume_app() == 2
    assert relay.resend_due(broker) == 1
    deliver(broker)
    assert (delivery().state, len(emitted(Answered))) == ("done", 1)


def test_a_backlog_that_is_resumed_is_sent_once_however_long_it_takes(rang, broker):
    pause_app()
    for event in (rang, Rang(bell=rang.bell), Rang(bell=rang.bell)):
        handle("tests", [Incoming(publish(event))])
    resume_app()
    broker.depths["tests"] = 3
    for _ in range(10):
        relay.resend_due(broker)
        Delivery.objects.update(resend_at=Now())
    assert len(broker.queues) == len(set(broker.queues)) == 3
    deliver(broker)
    assert len(emitted(Answered)) == 3


def test_what_was_put_off_is_due_at_once_when_it_is_resumed(rang, broker):
    publish(rang)
    pause_app()
    Delivery.objects.update(resend_at=timezone.now())
    relay.resend_due(broker)
    resume_app()
    assert relay.resend_due(broker) == 1


def test_a_reaction_paused_by_itself_stays_so_when_its_app_is_resumed(rang, broker):
    pause_app()
    pause_app(reaction="answer")
    handle("tests", [Incoming(publish(rang))])
    resume_app()
    relay.resend_due(broker)
    deliver(broker)
    assert (delivery().state, delivery("wake_the_dog").state) == ("waiting", "done")


def test_resuming_leaves_an_outside_call_that_is_under_way_alone(rang):
    publish(rang)
    pause_app()
    held = timezone.now() + timedelta(minutes=1)
    Delivery.objects.update(leased_until=held, resend_at=held)
    assert resume_app() == 0
    assert delivery().leased_until == held


def test_a_pause_that_comes_while_a_batch_runs_takes_effect_with_the_next(rang):
    behaviour["answer"] = lambda _: pause_app()
    handle("tests", [Incoming(publish(rang))])
    assert {row.state for row in Delivery.objects.all()} == {"done"}
    handle("tests", [Incoming(publish(Rang(bell=rang.bell)))])
    assert Delivery.objects.filter(state="waiting").count() == 2


def test_what_is_paused_already_or_unknown_cannot_be_paused():
    pause_app()
    with pytest.raises(pause.CannotPause, match=r"paused already, by Ada: the bell"):
        pause_app()
    with pytest.raises(pause.CannotPause, match="no app shiping"):
        pause_app("shiping")
    with pytest.raises(pause.CannotPause, match="tests has no reaction ansver"):
        pause_app(reaction="ansver")


def test_a_reaction_that_is_gone_from_the_code_can_still_be_resumed():
    Pause.objects.create(app="gone", reaction="too", by="Ada", reason="")
    resume_app("gone", "too")
    with pytest.raises(pause.NotPaused, match=r"gone\.too is not paused"):
        resume_app("gone", "too")


def test_who_paused_and_resumed_is_kept():
    pause_app(reaction="answer")
    resume_app(reaction="answer")
    kept = OperatorAction.objects.order_by("id").values_list("kind", "app", "reaction", "by")
    assert list(kept) == [
        ("paused", "tests", "answer", "Ada"),
        ("resumed", "tests", "answer", "Ada"),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_the_second_is_told():
    pause_app()
    together, outcomes = threading.Barrier(2, timeout=10), []

    def work():
        together.wait()
        try:
            outcomes.append(resume_app())
        except pause.NotPaused as error:
            outcomes.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [0, "tests is not paused"]


@pytest.mark.django_db(transaction=True)
def test_who_resumes_waits_for_a_relay_that_is_about_to_put_off(rang, monkeypatch):
    """Otherwise what it made due would be put off for an hour."""
    publish(rang)
    pause_app()
    Delivery.objects.update(resend_at=timezone.now())
    resumed, of_paused = threading.Event(), pause.of_paused

    def work():
        try:
            resume_app()
            resumed.set()
        finally:
            connection.close()

    other = threading.Thread(target=work)

    def of_paused_after_somebody_wants_to_resume(pauses):
        monkeypatch.setattr(pause, "of_paused", of_paused)
        other.start()
        assert not resumed.wait(0.5)
        return of_paused(pauses)

    monkeypatch.setattr(pause, "of_paused", of_paused_after_somebody_wants_to_resume)
    pause.postpone()
    other.join()
    assert delivery().resend_at <= timezone.now()


# Commands


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue() + err.getvalue()


def test_the_commands_pause_show_and_resume():
    assert run("pause") == "Nothing is paused.\n"
    assert run("pause", "tests.answer", "--reason", "mended", "--by", "Ada") == (
        "tests.answer is paused; `manage.py resume tests.answer` ends it\n"
    )
    assert "tests.answer" in run("pause")
    (shown,) = json.loads(run("pause", "--json"))
    assert (shown["app"], shown["reaction"], shown["by"]) == ("tests", "answer", "Ada")
    assert run("resume", "tests.answer") == "resumed; 0 deliveries waited and are due now\n"
    assert json.loads(run("pause", "--json")) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["pause", "tests"], "--reason is needed"),
        (["pause", "tests", "--reason", " "], "must not be empty"),
        (["pause", "tests", "--reason", "w" * 501], "at most 500 characters"),
        (["pause", "tests", "--reason", "why", "--by", "b" * 151], "at most 150 characters"),
        (["pause", "--reason", "why"], "say what to pause"),
        (["pause", "shiping", "--reason", "why"], "no app shiping"),
        (["resume", "tests"], "tests is not paused"),
        (["resume"], "required"),
    ],
)
def test_a_refusal_is_one_line_that_says_what_is_wrong(arguments, said):
    with pytest.raises(CommandError, match=said) as refused:
        run(*arguments)
    assert "\n" not in str(refused.value)
    assert not Pause.objects.exists()
