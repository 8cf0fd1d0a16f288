"""What counts as sent is what the broker has said it has."""

from threading import Timer

import pytest
from kombu import Exchange, Queue

from eventbus.messaging import broker


def test_what_was_swallowed_on_its_way_to_the_broker_is_not_sent(mail, environment, publisher):
    envelope = mail.envelope(mail.delivered())
    publisher.to_exchange([envelope])
    environment.proxy.blackhole()
    broken_off = Timer(1, environment.proxy.cut)
    broken_off.start()
    with pytest.raises(broker.errors()):
        publisher.to_exchange([envelope])
    broken_off.join()
    environment.proxy.heal()
    mail.delivered()


@pytest.fixture
def full():
    """A queue that takes one message and refuses any other."""
    if not broker.is_rabbitmq():
        pytest.skip("a queue of Valkey takes what there is room for")
    limits = {"x-max-length": 1, "x-overflow": "reject-publish"}
    with broker.connect() as connection:
        queue = Queue("full", Exchange(""), routing_key="full", queue_arguments=limits)(connection)
        queue.declare()
        yield "full"
        queue.delete()


def test_a_batch_of_which_the_broker_refuses_one_is_not_sent(mail, publisher, full):
    envelope = mail.envelope(mail.delivered())
    with pytest.raises(broker.errors()):
        publisher.to_app(full, [envelope] * 3)
