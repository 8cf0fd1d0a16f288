"""A worker comes up beside any other, or says why it cannot and ends."""

import pytest

from eventbus.messaging import broker
from tests.system.brokers.broker_environment import READY_WITHIN

#: How workers are called on command lines: not at all, or all the same.
CALLED = {"by nothing": ("--loglevel", "WARNING"), "alike": ("-n", "app_b@environment")}


@pytest.mark.parametrize("node", CALLED.values(), ids=CALLED)
def test_more_workers_of_an_app_come_up_on_one_host_however_they_are_called(
    environment, mail, node
):
    for name in ("app_b@second", "app_b@third"):
        environment.start_beside("app_b", name, *node)
    environment.stop("app_b")
    mail.delivered()


def refused_by(url):
    """The broker's address with a password that is not its."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://nobody:wrong@{rest.rpartition('@')[2]}"


def test_a_worker_that_the_broker_refuses_says_why_in_one_line_and_ends(environment, monkeypatch):
    monkeypatch.setitem(environment.env, "BROKER_URL", refused_by(environment.url))
    environment.launch("app_b@refused")
    assert environment.wait_for_end("app_b@refused", READY_WITHIN) == 1
    said = environment.log("app_b@refused")
    assert said.count("ended: the broker refuses this worker: ") == 1
    assert "Traceback" not in said


@pytest.mark.parametrize("environment", ["rabbitmq"], indirect=True)
def test_so_does_one_that_finds_its_own_taken(environment, mail):
    """Whatever RabbitMQ keeps for another connection: a queue that is its alone, say."""
    environment.stop("app_b")
    before = len(environment.log("app_b"))
    with mail.relay_held(), broker.connect() as connection, connection.channel() as channel:
        mail.delete_queue("app_b")
        channel.queue_declare("app_b", exclusive=True)
        environment.launch("app_b")
        assert environment.wait_for_end("app_b", READY_WITHIN) == 1
    assert environment.log("app_b")[before:].count("ended: the broker refuses this worker: ") == 1
