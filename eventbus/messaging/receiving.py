"""Redis/Valkey: a consumer takes and acknowledges many messages in one round trip each.

kombu needs three round trips for each message: one takes it from its list, one keeps a copy until
it is acknowledged, one acknowledges it. Here the first that comes is taken as ever; a script then
keeps its copy, moves what else waits in the same list, as far as the prefetch limit allows,
and keeps copies of that too. A delivery has a tag of its own, whatever stands in the message.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from queue import Empty
from typing import Any

from kombu.transport import redis, virtual
from kombu.utils import json
from kombu.utils.encoding import bytes_to_str
from kombu.utils.uuid import uuid
from redis.exceptions import ConnectionError

from eventbus.messaging import malformed_messages

#: Messages that are taken together at most: meanwhile the consumer's loop does nothing else.
AT_ONCE = 50

#: Keeps copies of a message that was taken (ARGV[5]) and of those that are taken here, ARGV[1] in
#: all, and returns the latter. What is taken before the first copy is written lets a server that
#: is full take the copies.
TAKE = """
local item, others = ARGV[5], {}
for number = 1, tonumber(ARGV[1]) do
    local following = number < tonumber(ARGV[1]) and redis.call('RPOP', KEYS[1])
    local tag = ARGV[2] .. number
    redis.call('HSET', KEYS[2], tag, '[' .. item .. ARGV[3])
    redis.call('ZADD', KEYS[3], ARGV[4], tag)
    if not following then break end
    others[number] = following
    item = following
end
return others
"""


class QoS(malformed_messages.QoS):
    """The messages of a channel that are not acknowledged."""

    #: acknowledged in the block that is running
    _together: list[str] | None = None

    def hold(self, delivery_tag: str) -> None:
        """Count a message that has a copy as delivered: it is restored should it not be."""
        self._quick_append(delivery_tag, None)

    def append(self, message: Any, delivery_tag: Any) -> None:
        if delivery_tag in self._delivered:
            virtual.QoS.append(self, message, delivery_tag)
        else:
            super().append(message, delivery_tag)

    def ack(self, delivery_tag: Any) -> None:
        if self._together is None:
            super().ack(delivery_tag)
        else:
            self._together.append(delivery_tag)

    @contextmanager
    def acks_together(self) -> Iterator[None]:
        """Send what is acknowledged within the block at its end. Raises connection errors there."""
        tags: list[str] = []
        self._together = tags
        try:
            yield
        finally:
            self._together = None
            self._ack_all(tags)

    def _ack_all(self, tags: list[str]) -> None:
        if tags:
            with self.pipe_or_acquire() as pipe:
                pipe.zrem(self.unacked_index_key, *tags).hdel(self.unacked_key, *tags).execute()
        for tag in tags:
            virtual.QoS.ack(self, tag)


class Channel(redis.Channel):
    """The consuming side of a channel."""

    Message = malformed_messages.Message

    _shared_client: Any = None
    _in_poll: Any

    def __init__(self, *args: Any, **options: Any) -> None:
        #: queues whose messages nobody acknowledges, so no copies are kept
        self._without_ack: set[str] = set()
        super().__init__(*args, **options)

    def basic_consume(self, queue: str, *args: Any, no_ack: bool = False, **options: Any) -> Any:
        if no_ack:
            self._without_ack.add(queue)
        return super().basic_consume(queue, *args, no_ack=no_ack, **options)

    @contextmanager
    def conn_or_acquire(self, client: Any = None) -> Iterator[Any]:
        """Yield a client; kombu would make one each time, at a cost like that of its command.

        Raises `ConnectionError` once this channel's connection is gone, which a worker outlives:
        kombu would look for the address in what no longer is, and the error would end the worker.
        """
        if client is None:
            if self.connection is None or self.connection.client is None:
                raise ConnectionError("the connection of this channel is gone")
            if self._shared_client is None or self._shared_client.connection_pool is not self.pool:
                self._shared_client = self._create_client()
            client = self._shared_client
        yield client

    def _brpop_read(self, **options: Any) -> bool:
        """Deliver the message that was waited for, and others that wait with it."""
        if self._without_ack.intersection(self.active_queues):
            return super()._brpop_read(**options)
        popped = self._read_reply("BRPOP")
        if not popped:
            raise Empty
        key, first = bytes_to_str(popped[0]), popped[1]
        queue = key.rsplit(self.sep, 1)[0]
        self._queue_cycle.rotate(queue)
        for tag, item in self._take(key, queue, first):
            message = malformed_messages.read(item, tag, queue)
            self.connection._deliver(message, queue)
        return True

    def _take(self, key: str, queue: str, first: bytes) -> list[tuple[str, bytes]]:
        """Keep a copy of what was taken, take what else may come; return it by delivery tag."""
        credit = 1 if self._closing else AT_ONCE
        if self.qos.prefetch_count:
            credit = min(credit, self.qos.can_consume_max_estimate())
        prefix, address = f"{uuid()}.", f', "", {json.dumps(queue)}]'
        keys = (key, self.unacked_key, self.unacked_index_key)
        # With what kombu compares it when it looks for copies that are too old.
        taken_at = redis.time()
        # Not by redis-py's way, which repeats what may have been run.
        self.client.connection.send_command(
            "EVAL", TAKE, len(keys), *keys, max(credit, 1), prefix, address, taken_at, first
        )
        items = [first, *self._read_reply("EVAL")]
        taken = [(f"{prefix}{number}", item) for number, item in enumerate(items, 1)]
        for tag, _ in taken:
            self.qos.hold(tag)
        return taken

    def _read_reply(self, command: str) -> Any:
        """Return the answer to the command sent last. Raises connection errors."""
        try:
            return self.client.parse_response(self.client.connection, command)
        except self.connection_errors:
            # The loop connects anew.
            self.client.connection.disconnect()
            raise
        finally:
            self._in_poll = None
            self._flush_brpop_reauth()


def acks_together(channel: Any) -> AbstractContextManager[None]:
    """Return a block whose acknowledgements go out at its end, where one by one costs round trips.

    Raises connection errors at its end.
    """
    if isinstance(channel, Channel) and not channel.closed:
        return channel.qos.acks_together()
    return nullcontext()
