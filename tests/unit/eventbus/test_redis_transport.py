"""The durable fan-out on Redis/Valkey, against a real server."""

from contextlib import suppress
from uuid import uuid4

import pytest
from kombu import Consumer, Exchange, Producer, Queue
from kombu.exceptions import BatchPublishError
from redis.client import Pipeline

from eventbus.exceptions import TopologyMissing
from eventbus.messaging import broker, fan_out, topology
from eventbus.messaging.transport import EXCHANGE

pytestmark = pytest.mark.skipif(
    "broker.is_rabbitmq()", reason="about the transport for Redis, which RabbitMQ does not need"
)


@pytest.fixture
def connection():
    with broker.connect() as connection:
        yield connection


@pytest.fixture
def queues(connection):
    """Two apps' queues of this test's own, both taking `t.Happened`."""
    names = [f"{app}-{uuid4().hex[:8]}" for app in ("a", "b")]
    channel = connection.default_channel
    broker.exchange()(channel).declare()
    for name in names:
        queue = Queue(name, Exchange(""), routing_key=name)(channel)
        queue.queue_declare()
        queue.bind_to(broker.exchange(), routing_key="t.Happened")
    yield names
    for name in names:
        channel.client.srem(f"_kombu.binding.{EXCHANGE}", f"t.Happened\x06\x16\x06\x16{name}")
        channel._delete(name, EXCHANGE, "t.Happened", "")


def publish(connection, type="t.Happened", count=1):
    producer = Producer(connection, auto_declare=False)
    with producer.batch():
        for number in range(count):
            producer.publish({"n": number}, exchange=EXCHANGE, routing_key=type)


@pytest.fixture
def sent(monkeypatch):
    """How many commands went with each round trip."""
    commands, execute = [], Pipeline.execute

    def note(pipeline, *args, **kwargs):
        commands.append(len(pipeline.command_stack))
        return execute(pipeline, *args, **kwargs)

    monkeypatch.setattr(Pipeline, "execute", note)
    return commands


def take(connection, queue):
    return connection.default_channel.basic_get(queue)


def test_each_queue_that_wants_the_type_gets_a_copy(connection, queues):
    publish(connection, count=3)
    assert [connection.default_channel._size(name) for name in queues] == [3, 3]


def test_queue_that_does_not_want_the_type_gets_none(connection, queues):
    publish(connection, type="t.Other")
    assert [connection.default_channel._size(name) for name in queues] == [0, 0]


def test_event_that_somebody_wants_is_not_taken_while_no_queue_is_bound(connection):
    producer = Producer(connection, auto_declare=False)
    with pytest.raises(TopologyMissing):
        producer.publish({}, exchange=EXCHANGE, routing_key="t.Nobody", mandatory=True)


def test_a_batch_is_one_command(connection, queues, sent):
    publish(connection, count=50)
    assert sent == [1]
    assert [take(connection, queues[0]).payload["n"] for _ in range(50)] == list(range(50))


def test_a_large_batch_is_sent_in_pieces(connection, queues, sent, monkeypatch):
    monkeypatch.setattr(fan_out, "MAX_SENT_TOGETHER", 1)
    publish(connection, count=3)
    assert len(sent) > 1
    assert [take(connection, queues[1]).payload["n"] for _ in range(3)] == [0, 1, 2]


def test_a_batch_that_one_queue_does_not_take_counts_as_not_sent(connection, queues):
    connection.default_channel.client.set(queues[1], "no list")
    with pytest.raises(BatchPublishError):
        publish(connection, count=3)


def test_copies_wait_for_a_consumer_that_is_off(connection, queues):
    publish(connection)
    with broker.connect() as later:
        assert take(later, queues[0]).payload == {"n": 0}


def test_copy_has_its_own_tag_and_its_queue_as_return_address(connection, queues):
    publish(connection)
    one, two = (take(connection, name) for name in queues)
    assert one.delivery_tag != two.delivery_tag
    assert (one.delivery_info["exchange"], one.delivery_info["routing_key"]) == ("", queues[0])


def test_publisher_that_never_declared_the_exchange_fans_out_all_the_same(queues, connection):
    """Kombu takes an exchange it does not know for a direct one: one tag for all copies."""
    with broker.connect() as fresh:
        publish(fresh)
    one, two = (take(connection, name) for name in queues)
    assert one.delivery_tag != two.delivery_tag
    assert one.delivery_info["exchange"] == ""


def test_acknowledging_one_copy_keeps_the_safety_copy_of_the_other(connection, queues):
    publish(connection)
    one, two = (take(connection, name) for name in queues)
    one.ack()
    two.requeue()
    assert [connection.default_channel._size(name) for name in queues] == [0, 1]


def test_given_back_message_goes_to_its_own_queue_only_and_is_marked(connection, queues):
    publish(connection)
    take(connection, queues[0]).requeue()
    assert [connection.default_channel._size(name) for name in queues] == [1, 1]
    again = take(connection, queues[0])
    assert again.delivery_info["redelivered"] is True


def test_another_fanout_exchange_stays_pub_sub(connection):
    name = f"pubsub-{uuid4().hex[:8]}"
    exchange = Exchange(name, "fanout")
    queue = Queue(f"{name}-q", exchange)(connection.default_channel)
    queue.declare()
    Producer(connection).publish({}, exchange=exchange, routing_key="")
    assert connection.default_channel._size(f"{name}-q") == 0


def test_topology_lost_by_the_broker_is_repaired_by_declaring_again(connection):
    topology.declare()
    client = connection.default_channel.client
    client.delete(f"_kombu.binding.{EXCHANGE}")
    topology.declare()
    with broker.connect() as fresh:
        assert "orders" in fresh.default_channel.queues_bound_to("inventory.StockReserved")


def test_depth_counts_what_waits(connection, queues):
    publish(connection, count=2)
    publisher = broker.Publisher()
    try:
        assert publisher.depth(queues[0]) == 2
    finally:
        publisher.close()


@pytest.mark.parametrize("item", ["no json", "[" * 100_000, "{}", '{"properties": 5}'])
def test_what_is_no_message_keeps_none_behind_it_from_coming(connection, queues, item):
    connection.default_channel.client.lpush(queues[0], item)
    publish(connection)
    got = []

    def receive(message):
        got.append(message.body)
        message.reject()

    with Consumer(connection, [Queue(queues[0], no_declare=True)], on_message=receive):
        while len(got) < 2:
            connection.drain_events(timeout=5)
    assert got == [None, b'{"n": 0}']


@pytest.mark.parametrize("item", ["no json", "[" * 100_000, "{}"])
def test_what_is_no_message_keeps_no_subscriber_from_what_is_broadcast_next(connection, item):
    name = f"pubsub-{uuid4().hex[:8]}"
    exchange, got = Exchange(name, "fanout"), []
    channel = connection.default_channel
    queue = Queue(f"{name}-q", exchange, exclusive=True)
    with Consumer(connection, [queue], on_message=lambda each: got.append(each.body), no_ack=True):
        while not channel.client.publish(channel._get_publish_topic(name, ""), item):
            with suppress(TimeoutError):
                connection.drain_events(timeout=0.1)
        Producer(connection).publish({"n": 0}, exchange=exchange, routing_key="")
        while b'{"n": 0}' not in got:
            connection.drain_events(timeout=5)


#: What lies where messages are kept until they are acknowledged, and is none.
COPIES = [b"\xff", b"5", b"{}", b"[1, 2, 3]", b'[{"headers": 5}, {}, []]', b"[" * 100_000]


@pytest.mark.parametrize("copy", COPIES)
def test_what_is_no_copy_of_a_message_keeps_none_from_being_given_back(connection, queues, copy):
    publish(connection)
    take(connection, queues[0])
    channel = connection.default_channel
    kept = channel.client
    kept.hset(channel.unacked_key, "strange", copy)
    kept.zadd(channel.unacked_index_key, {"strange": 0})
    for tag in ("strange", *channel.qos._delivered):
        channel.qos.restore_by_tag(tag)
    assert channel._size(queues[0]) == 1
    assert not kept.hexists(channel.unacked_key, "strange")
    assert kept.zscore(channel.unacked_index_key, "strange") is None
