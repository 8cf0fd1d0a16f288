"""However often a message comes, each reaction takes effect once, and no other app hears of it."""

from uuid import uuid4

import pytest

from devtools.waiting import wait_until
from eventbus.delivery.models import Delivery
from eventbus.messaging import broker
from tests.system.brokers.mail import EVERYBODY, WITHIN


def test_a_copy_to_one_app_is_seen_by_no_other(mail, environment):
    environment.stop("app_b")
    note = mail.sent()
    mail.wait_for(note, "app_a")
    waiting = mail.depth("app_b")
    mail.put("app_a", *[mail.envelope(note)] * 3)
    mail.delivered_to("app_a")
    assert mail.depth("app_b") == waiting + 1
    environment.start("app_b")
    mail.wait_for_everybody(note)


def test_what_kills_its_process_once_runs_again(mail):
    note = mail.delivered(does={"app_a": "die once"})
    assert mail.begun(note)["app_a", "keep"] == 2


def test_what_always_kills_its_process_is_parked_and_the_worker_lives(mail, environment):
    worker = environment.pid("app_b")
    note = mail.sent(does={"app_b": "die"})
    mail.wait_until_settled(note)
    assert mail.states(note, "app_b") == {"parked"}
    mail.delivered()
    assert environment.pid("app_b") == worker


def test_a_message_given_back_comes_again_to_its_own_app_only(mail, environment):
    environment.stop("app_b")
    note = mail.sent()
    mail.wait_for(note, "app_a")
    # The other app has acknowledged its own.
    with broker.connect() as connection:
        mail.take(connection, "app_b").requeue()
        assert mail.take(connection, "app_b").delivery_info["redelivered"]
    environment.start("app_b")
    mail.wait_for_everybody(note)
    assert mail.begun(note)["app_a", "keep"] == 1


def test_workers_of_one_app_share_its_queue_and_run_nothing_twice(mail, environment):
    environment.start_beside("app_b", "app_b@second")
    # More than one worker takes ahead, so that the other gets some.
    held = [mail.note(does={"app_b": "hold"}) for _ in range(8)]
    mail.send(*held)
    wait_until(lambda: len(mail.processes_of("app_b", *held)) == 2, WITHIN, "both are busy")
    mail.publish(*[mail.envelope(note) for note in held])
    mail.allow(*held)
    mail.wait_for_everybody(*held)


def test_a_batch_that_fails_in_the_middle_counts_as_not_sent_and_is_sent_again(mail, publisher):
    note = mail.delivered()
    good, nowhere = mail.envelope(note), mail.envelope(note, type="app_a.NoteAnswered", id=uuid4())
    with mail.without_binding("app_b", "app_a.NoteAnswered"), pytest.raises(broker.errors()):
        publisher.to_exchange([good, nowhere, good])
    mail.delivered()
    assert mail.effects(note) == EVERYBODY
    assert not Delivery.objects.filter(event_id=nowhere.id).exists()
