"""A worker comes up beside any other, or says why it cannot and ends."""

import pytest

from eventbus.messaging import broker
from tests.system.brokers.rig import READY_WITHIN

#: How workers are called on command lines: not at all, or all the same.
CALLED = {"by nothing": ("--loglevel", "WARNING"), "alike": ("-n", "ravens@rig")}


@pytest.mark.parametrize("node", CALLED.values(), ids=CALLED)
def test_more_workers_of_an_app_come_up_on_one_host_however_they_are_called(rig, mail, node):
    for name in ("ravens@second", "ravens@third"):
        rig.start_beside("ravens", name, *node)
    rig.stop("ravens")
    mail.delivered()


def refused_by(url):
    """The broker's address with a password that is not its."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://nobody:wrong@{rest.rpartition('@')[2]}"


def test_a_worker_that_the_broker_refuses_says_why_in_one_line_and_ends(rig, monkeypatch):
    monkeypatch.setitem(rig.env, "BROKER_URL", refused_by(rig.url))
    rig.launch("ravens@refused")
    assert rig.wait_for_end("ravens@refused", READY_WITHIN) == 1
    said = rig.log("ravens@refused")
    assert said.count("ended: the broker refuses this worker: ") == 1
    assert "Traceback" not in said


@pytest.mark.parametrize("rig", ["rabbitmq"], indirect=True)
def test_so_does_one_that_finds_its_own_taken(rig, mail):
    """Whatever RabbitMQ keeps for another connection: a queue that is its alone, say."""
    rig.stop("ravens")
    before = len(rig.log("ravens"))
    with mail.relay_held(), broker.connect() as connection, connection.channel() as channel:
        mail.delete_queue("ravens")
        channel.queue_declare("ravens", exclusive=True)
        rig.launch("ravens")
        assert rig.wait_for_end("ravens", READY_WITHIN) == 1
    assert rig.log("ravens")[before:].count("ended: the broker refuses this worker: ") == 1
