"""However often a message comes, each reaction takes effect once, and no other app hears of it."""

from uuid import uuid4

import pytest

from devtools.waiting import wait_until
from eventbus.delivery import pause
from eventbus.delivery.models import Delivery
from eventbus.messaging import broker
from tests.system.brokers.mail import EVERYBODY, WITHIN


def test_an_event_published_twice_takes_effect_once(mail):
    note = mail.delivered()
    mail.publish(mail.envelope(note), mail.envelope(note))
    mail.delivered()
    assert mail.effects(note) == EVERYBODY


def test_a_copy_to_one_app_is_seen_by_no_other(mail, rig):
    rig.stop("ravens")
    note = mail.sent()
    mail.wait_for(note, "doves")
    waiting = mail.depth("ravens")
    mail.put("doves", *[mail.envelope(note)] * 3)
    mail.delivered_to("doves")
    assert mail.depth("ravens") == waiting + 1
    rig.start("ravens")
    mail.wait_for_everybody(note)


def test_a_failing_reaction_is_tried_again_until_it_works(mail):
    note = mail.delivered(does={"ravens": "fail once"})
    assert mail.begun(note)["ravens", "keep"] == 2


def test_only_the_reaction_that_failed_is_tried_again(mail):
    note = mail.delivered(does={"doves": "fail once"})
    assert mail.begun(note) == {**EVERYBODY, ("doves", "keep"): 2}


def test_what_failed_too_often_is_parked_with_its_error(mail):
    note = mail.sent(does={"ravens": "fail"})
    mail.wait_until_settled(note)
    (row,) = mail.rows(note).filter(app="ravens")
    assert (row.state, row.attempts) == ("parked", 3)
    assert "the note cannot be read" in row.error
    assert mail.states(note, "doves") == {"done"}


def test_poison_does_not_stop_what_is_behind_it(mail):
    poison = mail.note(does={"doves": "fail", "ravens": "fail"})
    behind = [mail.note() for _ in range(10)]
    mail.send(poison, *behind)
    mail.wait_for_everybody(*behind)
    mail.wait_until_settled(poison)
    assert mail.states(poison, "ravens") == {"parked"}


def test_what_kills_its_process_once_runs_again(mail):
    note = mail.delivered(does={"doves": "die once"})
    assert mail.begun(note)["doves", "keep"] == 2


def test_what_always_kills_its_process_is_parked_and_the_worker_lives(mail, rig):
    worker = rig.pid("ravens")
    note = mail.sent(does={"ravens": "die"})
    mail.wait_until_settled(note)
    assert mail.states(note, "ravens") == {"parked"}
    mail.delivered()
    assert rig.pid("ravens") == worker


def test_what_was_parked_runs_when_a_person_retries_it(mail):
    from eventbus.operations import failures

    note = mail.sent(does={"ravens": "fail until allowed"})
    mail.wait_until_settled(note)
    mail.allow(note)
    (outcome,) = failures.retry(mail.rows(note).filter(app="ravens"), by="a test")
    assert not outcome.refusal
    mail.wait_for_everybody(note)


def test_a_paused_reaction_waits_and_goes_on_when_resumed(mail):
    pause.pause("ravens", by="a test", reason="to see")
    note = mail.sent()
    mail.wait_for(note, "doves")
    mail.wait_until_empty("ravens")
    assert mail.begun(note).get(("ravens", "keep")) is None
    pause.resume("ravens", by="a test")
    mail.wait_for_everybody(note)


def test_a_message_given_back_comes_again_to_its_own_app_only(mail, rig):
    rig.stop("ravens")
    note = mail.sent()
    mail.wait_for(note, "doves")
    # The other app has acknowledged its own.
    with broker.connect() as connection:
        mail.take(connection, "ravens").requeue()
        assert mail.take(connection, "ravens").delivery_info["redelivered"]
    rig.start("ravens")
    mail.wait_for_everybody(note)
    assert mail.begun(note)["doves", "keep"] == 1


def test_workers_of_one_app_share_its_queue_and_run_nothing_twice(mail, rig):
    rig.start_beside("ravens", "ravens@second")
    # More than one worker takes ahead, so that the other gets some.
    held = [mail.note(does={"ravens": "hold"}) for _ in range(8)]
    mail.send(*held)
    wait_until(lambda: len(mail.processes_of("ravens", *held)) == 2, WITHIN, "both are busy")
    mail.publish(*[mail.envelope(note) for note in held])
    mail.allow(*held)
    mail.wait_for_everybody(*held)


def test_a_batch_that_fails_in_the_middle_counts_as_not_sent_and_is_sent_again(mail, publisher):
    note = mail.delivered()
    good, nowhere = mail.envelope(note), mail.envelope(note, type="doves.NoteAnswered", id=uuid4())
    with mail.without_binding("ravens", "doves.NoteAnswered"), pytest.raises(broker.errors()):
        publisher.to_exchange([good, nowhere, good])
    mail.delivered()
    assert mail.effects(note) == EVERYBODY
    assert not Delivery.objects.filter(event_id=nowhere.id).exists()
