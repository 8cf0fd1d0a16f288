"""What only RabbitMQ has: arguments that cannot be changed, and a place for dead messages."""

import pytest
from kombu import Exchange, Queue

from devtools.waiting import wait_until
from eventbus.exceptions import TopologyConflict
from eventbus.messaging import broker, policies, topology
from eventbus.messaging.policies import DELIVERY_LIMIT
from eventbus.messaging.transport import EXCHANGE
from tests.system.brokers.mail import WITHIN

pytestmark = pytest.mark.parametrize("environment", ["rabbitmq"], indirect=True)


@pytest.fixture
def channel(environment):
    with broker.connect() as connection, connection.channel() as channel:
        yield channel


@pytest.fixture
def dead(mail, channel):
    """Count how many dead messages there are; none at first."""
    channel.queue_purge(policies.DEAD)
    return lambda: mail.depth(policies.DEAD)


def test_a_queue_made_with_other_arguments_is_used_as_it_is_and_named(environment, mail, channel):
    environment.stop("app_b")
    with mail.relay_held():
        mail.delete_queue("app_b")
        Queue("app_b", durable=True, queue_arguments={"x-queue-type": "classic"})(
            channel
        ).queue_declare()
    environment.start("app_b")
    mail.delivered()
    assert "made with other arguments" in environment.log("app_b")
    mail.delete_queue("app_b")
    mail.delivered()


def test_an_exchange_of_another_kind_is_named(mail, channel):
    with mail.relay_held():
        mail.delete_exchange()
        Exchange(EXCHANGE, "direct", durable=True)(channel).declare()
        with pytest.raises(TopologyConflict, match=r"exchange shop\.events is of another type"):
            topology.declare(["app_b"])
        mail.delete_exchange()
    mail.delivered()


def test_what_a_worker_refuses_is_kept_for_people_to_look_at(mail, dead):
    mail.put_raw("app_b", "not of the bus", {})
    wait_until(lambda: dead() == 1, WITHIN, "a dead message")


def test_what_comes_back_too_often_is_kept_for_people_to_look_at(mail, dead, channel):
    topology.declare(["geese"])
    mail.put_raw("geese", "a boomerang", {})
    with broker.connect() as connection:
        for _ in range(DELIVERY_LIMIT + 1):
            mail.take(connection, "geese").requeue()
    wait_until(lambda: dead() == 1, WITHIN, "a dead message")
    channel.queue_delete("geese")
