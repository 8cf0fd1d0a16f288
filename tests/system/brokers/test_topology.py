"""An event is published to whom it concerns, or counts as not published."""

from uuid import uuid4

import pytest

from eventbus.messaging import broker, topology

APPS = ["doves", "ravens"]


def missing():
    return set(topology.missing()) & set(APPS)


def test_nothing_is_missing_once_it_is_declared(mail):
    assert topology.declare(APPS) == APPS
    assert missing() == set()


def test_declaring_again_keeps_what_waits(mail, rig):
    rig.stop("ravens")
    note = mail.sent()
    mail.wait_for(note, "doves")
    topology.declare(APPS)
    assert mail.depth("ravens") == 1
    rig.start("ravens")
    mail.wait_for_everybody(note)


def test_an_event_somebody_wants_is_not_taken_while_no_queue_takes_it(mail, publisher):
    answer = mail.envelope(mail.delivered(), id=uuid4(), type="doves.NoteAnswered")
    with mail.without_binding("ravens", "doves.NoteAnswered"), pytest.raises(broker.errors()):
        publisher.to_exchange([answer])


def test_nothing_is_taken_while_there_is_no_exchange(mail, publisher):
    envelope = mail.envelope(mail.delivered())
    with mail.relay_held():
        mail.delete_exchange()
        with pytest.raises(broker.errors()):
            publisher.to_exchange([envelope])
        topology.declare(APPS)


def test_an_exchange_that_was_deleted_is_made_again_and_nothing_is_lost(mail):
    with mail.relay_held():
        mail.delete_exchange()
        note = mail.sent()
    mail.wait_for_everybody(note)


def test_a_queue_that_was_deleted_is_missed_and_made_again_and_nothing_is_lost(mail, rig):
    topology.declare(APPS)
    rig.stop("ravens")
    with mail.relay_held():
        mail.delete_queue("ravens")
        assert missing() == {"ravens"}
    note = mail.sent()
    mail.wait_for(note, "doves")
    rig.start("ravens")
    mail.wait_for_everybody(note)


def test_a_queue_deleted_under_its_worker_is_made_again_and_nothing_is_lost(mail):
    mail.delete_queue("doves")
    mail.delivered()


def test_an_event_stated_before_its_topology_was_declared_arrives(mail, rig):
    with mail.relay_held():
        mail.delete_exchange()
        for app in APPS:
            mail.delete_queue(app)
        note = mail.sent()
    mail.wait_for_everybody(note)


def test_depth_counts_what_waits(mail, rig):
    rig.stop("ravens")
    notes = [mail.sent() for _ in range(3)]
    for note in notes:
        mail.wait_for(note, "doves")
    assert mail.depth("ravens") == 3
    rig.start("ravens")
    mail.wait_for_everybody(*notes)
