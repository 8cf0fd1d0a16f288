"""Sources of foreign events: the inbound queue on either broker. Others may be topics."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from eventbus.inbound.queue import QUEUE, declare
from eventbus.messaging import broker

#: Messages that are taken together at most, as each may be large.
AT_ONCE = 20
#: Seconds after which RabbitMQ and we notice that the other one is gone.
HEARTBEAT = 10


@dataclass(frozen=True)
class Message:
    """What came, by which queue or topic, and what says that it need not come again."""

    content: bytes
    via: str
    acknowledge: Callable[[], object]


class Source(Protocol):
    """Gives messages until each is acknowledged; all methods raise the errors of a broker away."""

    def wait(self, seconds: float) -> Sequence[Message]:
        """Return what there is, or what has come within so many seconds."""

    def stay(self, seconds: float) -> None:
        """Stay connected for so many seconds, with messages that wait to be acknowledged."""

    def close(self) -> None:
        """Leave. What is not acknowledged comes again."""


def inbound_queue() -> Source:
    """Return the inbound queue of our broker, connected. Raises one of `broker.errors()`."""
    return RabbitMQSource() if broker.is_rabbitmq() else ListSource()


class ListSource:
    """A list of Redis or Valkey. What is looked at stays in it until it is acknowledged."""

    def __init__(self) -> None:
        self._connection = broker.connect()
        channel: Any = self._connection.default_channel
        self._client = channel.client

    def wait(self, seconds: float) -> Sequence[Message]:
        # From the end to the end: the oldest one stays where it is, and is waited for.
        if self._client.blmove(QUEUE, QUEUE, seconds, "RIGHT", "RIGHT") is None:
            return []
        items = self._client.lrange(QUEUE, -AT_ONCE, -1)
        return [Message(item, QUEUE, partial(self._remove, item)) for item in reversed(items)]

    def _remove(self, item: bytes) -> None:
        self._client.lrem(QUEUE, -1, item)

    def stay(self, seconds: float) -> None:
        time.sleep(seconds)

    def close(self) -> None:
        self._connection.release()


class RabbitMQSource:
    """The queue of RabbitMQ, consumed over a connection of its own."""

    def __init__(self) -> None:
        self._connection = broker.connect()
        self._connection.heartbeat = HEARTBEAT
        declare(self._connection)
        self._arrived: list[Message] = []
        self._channel: Any = self._connection.channel()
        # Bytes as they came, whatever encoding a stranger names.
        self._channel.auto_decode = False
        self._channel.basic_qos(0, AT_ONCE, False)
        self._channel.basic_consume(QUEUE, callback=self._arrive)

    def _arrive(self, message: Any) -> None:
        acknowledge = partial(self._channel.basic_ack, message.delivery_tag)
        self._arrived.append(Message(bytes(message.body or b""), QUEUE, acknowledge))

    def wait(self, seconds: float) -> Sequence[Message]:
        if not self._arrived:
            self.stay(seconds)
        arrived, self._arrived = self._arrived, []
        return arrived

    def stay(self, seconds: float) -> None:
        self._connection.heartbeat_check()
        with suppress(TimeoutError):
            self._connection.drain_events(timeout=seconds)

    def close(self) -> None:
        self._connection.release()
