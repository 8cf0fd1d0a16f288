"""A broker that answers and takes no messages is told of, until it takes one."""

from contextlib import contextmanager

from devtools.waiting import wait_until
from eventbus.exceptions import BrokerNotAccepting
from eventbus.messaging import broker, broker_probe
from tests.system.brokers.mail import WITHIN


@contextmanager
def taking_nothing(environment):
    """Valkey is full; RabbitMQ is under alarm for want of memory."""
    if broker.is_rabbitmq():
        set_watermark(environment, "0.0000001")
        yield
        set_watermark(environment, "0.9")
    else:
        with broker.connect() as connection:
            client = connection.default_channel.client
            client.config_set("maxmemory", 1)
            yield
            client.config_set("maxmemory", 0)


def set_watermark(environment, share):
    """As an operator would, with RabbitMQ's own tool."""
    answer = environment.server.control("set_vm_memory_high_watermark", share)
    assert answer.returncode == 0, answer.stderr


def is_taking():
    try:
        broker_probe.check()
    except BrokerNotAccepting:
        return False
    return True


def test_a_broker_that_only_answers_is_not_up_and_all_is_carried_once_it_takes(environment, mail):
    assert is_taking()
    before = len(environment.log("relay"))
    with taking_nothing(environment):
        wait_until(lambda: not is_taking(), WITHIN, "nothing is taken")
        note = mail.sent()
        wait_until(
            lambda: "relay waits" in environment.log("relay")[before:], WITHIN, "the relay waits"
        )
        assert not is_taking()
        assert "relay is up again" not in environment.log("relay")[before:]
    mail.wait_for_everybody(note)
    wait_until(lambda: "up again" in environment.log("relay")[before:], WITHIN, "up again")
