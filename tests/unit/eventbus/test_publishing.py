"""What counts as sent: what the broker has, in every queue that is to have it."""

from contextlib import closing
from uuid import uuid4

import pytest

from eventbus.exceptions import BrokerMisconfigured, TopologyMissing
from eventbus.messaging import broker, topology
from eventbus.messaging.transport import EXCHANGE
from tests.unit.eventbus.events import Rang
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


@pytest.mark.parametrize(("seconds", "sent"), [(-1.0, 1), (60.0, 3)])
def test_a_batch_is_sent_for_seconds_and_never_nothing_of_it(publisher, monkeypatch, seconds, sent):
    monkeypatch.setattr(broker, "BATCH_WITHIN", seconds)
    topology.declare()
    envelopes = [message.envelope for message in messages(*[Rang(bell=uuid4()) for _ in range(3)])]
    before = publisher.depth("tests")
    assert publisher.to_exchange(envelopes) == sent
    assert publisher.depth("tests") == before + sent


@pytest.fixture
def evicting(server):
    server.config_set("maxmemory-policy", "allkeys-lru")
    yield
    server.config_set("maxmemory-policy", "noeviction")


@pytest.mark.usefixtures("evicting")
def test_server_that_may_evict_queues_is_refused():
    with pytest.raises(BrokerMisconfigured, match="allkeys-lru"):
        topology.declare()
