"""On Redis/Valkey what waits is taken, and what ends is acknowledged, in one go."""

from contextlib import contextmanager

import pytest
from kombu import Consumer, Queue
from redis.exceptions import ConnectionError

from eventbus.messaging import broker
from eventbus.messaging.receiving import AT_ONCE, acks_together
from tests.unit.eventbus.test_redis_transport import connection, publish, queues

__all__ = ["connection", "queues"]

pytestmark = pytest.mark.skipif(
    "broker.is_rabbitmq()", reason="about the transport for Redis, which RabbitMQ does not need"
)


@pytest.fixture
def server(connection):
    return connection.default_channel.client


@contextmanager
def consuming(queue, on_message=None, prefetch=0, no_ack=False):
    """Consume a queue over a connection of its own; yields it and the messages that came."""
    got = []
    with broker.connect() as own:
        queues = [Queue(queue, no_declare=True)]
        take = on_message or got.append
        with Consumer(own, queues, on_message=take, no_ack=no_ack, prefetch_count=prefetch):
            yield own, got


def numbers(messages):
    return [message.payload["n"] for message in messages]


def copies(server, channel):
    return server.hlen(channel.unacked_key), server.zcard(channel.unacked_index_key)


def calls(server):
    """Return how often each command was run."""
    stats = server.info("commandstats")
    return {name.removeprefix("cmdstat_"): each["calls"] for name, each in stats.items()}


def test_what_waits_is_taken_in_two_commands_and_acknowledged_in_one(connection, queues, server):
    publish(connection, count=20)
    with consuming(queues[0]) as (own, got):
        before = calls(server)
        own.drain_events(timeout=5)
        assert numbers(got) == list(range(20))
        with acks_together(own.default_channel):
            for message in got:
                message.ack()
        after = calls(server)
    assert [after[name] - before.get(name, 0) for name in ("brpop", "eval", "exec")] == [1, 1, 1]


def test_each_has_a_copy_until_it_is_acknowledged(connection, queues, server):
    channel = connection.default_channel
    hashed, indexed = copies(server, channel)
    publish(connection, count=5)
    with consuming(queues[0]) as (own, got):
        own.drain_events(timeout=5)
        assert copies(server, channel) == (hashed + 5, indexed + 5)
        with acks_together(own.default_channel):
            got[0].ack()
            got[1].ack()
            assert copies(server, channel) == (hashed + 5, indexed + 5)
        assert copies(server, channel) == (hashed + 3, indexed + 3)
        for message in got[2:]:
            message.ack()
        assert copies(server, channel) == (hashed, indexed)


def test_no_more_is_taken_than_the_prefetch_limit_allows(connection, queues):
    publish(connection, count=5)
    with consuming(queues[0], prefetch=2) as (own, got):
        own.drain_events(timeout=5)
        assert (len(got), connection.default_channel._size(queues[0])) == (2, 3)
        with pytest.raises(TimeoutError):
            own.drain_events(timeout=0.1)
        got[0].ack()
        own.drain_events(timeout=5)
        assert (len(got), connection.default_channel._size(queues[0])) == (3, 2)


def test_a_loop_is_not_held_by_a_long_queue(connection, queues):
    publish(connection, count=AT_ONCE + 1)
    with consuming(queues[0]) as (own, got):
        own.drain_events(timeout=5)
        assert len(got) == AT_ONCE


def test_what_was_taken_and_not_delivered_comes_again(connection, queues):
    def fail(message):
        raise ValueError("it cannot be handled")

    publish(connection, count=3)
    with (
        consuming(queues[0], on_message=fail) as (own, _),
        pytest.raises(ValueError, match="handled"),
    ):
        own.drain_events(timeout=5)
    with consuming(queues[0]) as (own, got):
        while len(got) < 3:
            own.drain_events(timeout=5)
        assert {message.delivery_info["redelivered"] for message in got} == {True}
        for message in got:
            message.ack()


def test_what_a_killed_worker_held_goes_back_to_its_queue(connection, queues, server):
    publish(connection, count=3)
    with consuming(queues[0]) as (own, got):
        own.drain_events(timeout=5)
        tags = [message.delivery_tag for message in got]
        # Another worker finds them once they are due.
        for tag in tags:
            connection.default_channel.qos.restore_by_tag(tag)
        assert connection.default_channel._size(queues[0]) == 3
        assert not any(server.hexists(own.default_channel.unacked_key, tag) for tag in tags)


@pytest.mark.parametrize("answer", ["ack", "reject", "requeue"])
def test_an_answer_over_a_connection_that_is_gone_is_a_connection_error(connection, queues, answer):
    publish(connection)
    with consuming(queues[0]) as (own, got):
        own.drain_events(timeout=5)
        own.collect()
        with pytest.raises(ConnectionError, match="gone"):
            getattr(got[0], answer)()


def test_of_what_needs_no_acknowledgement_no_copy_is_kept(connection, queues, server):
    before = copies(server, connection.default_channel)
    publish(connection, count=3)
    with consuming(queues[0], no_ack=True) as (own, got):
        while len(got) < 3:
            own.drain_events(timeout=5)
        assert copies(server, connection.default_channel) == before


def test_a_full_server_is_emptied(connection, queues, server):
    publish(connection, count=3)
    server.config_set("maxmemory", 1)
    try:
        with consuming(queues[0]) as (own, got):
            own.drain_events(timeout=5)
            assert numbers(got) == [0, 1, 2]
            for message in got:
                message.ack()
    finally:
        server.config_set("maxmemory", 0)
