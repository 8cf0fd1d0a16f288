"""What counts as sent: what the broker has, in every queue that is to have it."""

from contextlib import closing
from uuid import uuid4

import pytest

from shop.bus import broker, topology
from shop.bus.errors import BrokerUnfit, TopologyMissing
from shop.bus.transport import EXCHANGE
from tests.bus.events import Rang
from tests.workers import messages

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("broker.is_rabbitmq()", reason="RabbitMQ has tests of its own for it"),
]


@pytest.fixture
def server():
    with broker.connect() as connection:
        yield connection.default_channel.client


@pytest.fixture
def publisher():
    with closing(broker.Publisher()) as publisher:
        yield publisher


def test_event_no_queue_takes_though_wanted_is_not_sent(server, publisher):
    [message] = messages(Rang(bell=uuid4()))
    server.delete(f"_kombu.binding.{EXCHANGE}")
    with pytest.raises(TopologyMissing):
        publisher.to_exchange([message.envelope])


@pytest.fixture
def evicting(server):
    server.config_set("maxmemory-policy", "allkeys-lru")
    yield
    server.config_set("maxmemory-policy", "noeviction")


@pytest.mark.usefixtures("evicting")
def test_server_that_may_evict_queues_is_refused():
    with pytest.raises(BrokerUnfit, match="allkeys-lru"):
        topology.declare()
