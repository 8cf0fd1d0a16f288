"""An event is published to whom it concerns, or counts as not published."""

from uuid import uuid4

import pytest

from eventbus.messaging import broker, topology

APPS = ["app_a", "app_b"]


def missing():
    return set(topology.missing()) & set(APPS)


def test_nothing_is_missing_once_it_is_declared(mail):
    assert topology.declare(APPS) == APPS
    assert missing() == set()


def test_declaring_again_keeps_what_waits(mail, environment):
    environment.stop("app_b")
    note = mail.sent()
    mail.wait_for(note, "app_a")
    topology.declare(APPS)
    assert mail.depth("app_b") == 1
    environment.start("app_b")
    mail.wait_for_everybody(note)


def test_an_event_somebody_wants_is_not_taken_while_no_queue_takes_it(mail, publisher):
    answer = mail.envelope(mail.delivered(), id=uuid4(), type="app_a.NoteAnswered")
    with mail.without_binding("app_b", "app_a.NoteAnswered"), pytest.raises(broker.errors()):
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


def test_a_queue_that_was_deleted_is_missed_and_made_again_and_nothing_is_lost(mail, environment):
    topology.declare(APPS)
    environment.stop("app_b")
    with mail.relay_held():
        mail.delete_queue("app_b")
        assert missing() == {"app_b"}
    note = mail.sent()
    mail.wait_for(note, "app_a")
    environment.start("app_b")
    mail.wait_for_everybody(note)


def test_a_queue_deleted_under_its_worker_is_made_again_and_nothing_is_lost(mail):
    mail.delete_queue("app_a")
    mail.delivered()


def test_an_event_emitted_before_its_topology_was_declared_arrives(mail, environment):
    with mail.relay_held():
        mail.delete_exchange()
        for app in APPS:
            mail.delete_queue(app)
        note = mail.sent()
    mail.wait_for_everybody(note)


def test_depth_counts_what_waits(mail, environment):
    environment.stop("app_b")
    notes = [mail.sent() for _ in range(3)]
    for note in notes:
        mail.wait_for(note, "app_a")
    assert mail.depth("app_b") == 3
    environment.start("app_b")
    mail.wait_for_everybody(*notes)
