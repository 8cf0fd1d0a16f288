"""RabbitMQ: the broker confirms many messages at once.

Who waits for the confirmation of each message before it sends the next waits for a round trip and
a write to the broker's disk each time. Here the messages of a batch are sent, and then it is
waited until all are confirmed. A message that no queue takes comes back before its confirmation
and ends the batch.
"""

from typing import Any

from amqp.exceptions import RecoverableConnectionError
from kombu.transport import pyamqp

from eventbus.exceptions import BrokerNotAccepting

#: Messages on their way at most: a broker that is far away confirms them within seconds.
WINDOW = 50


class PublishBatch:
    """What kombu sends the messages of a batch by."""

    def __init__(self, channel: "Channel") -> None:
        self.channel = channel

    def publish(self, message: Any, **options: Any) -> None:
        self.channel.publish(message, **options)
        if len(self.channel.unconfirmed) >= WINDOW:
            self.flush()

    def flush(self) -> None:
        """Wait until the broker has everything. Raises connection and channel errors."""
        self.channel.wait_for_confirms()

    def discard(self) -> None:
        """Do nothing: who failed to publish opens another channel."""

    def close(self) -> None:
        """Do nothing: the channel stays."""


class Channel(pyamqp.Channel):
    """Knows which of its messages the broker has not confirmed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._forget()
        self.events["basic_ack"].add(self._on_confirmed)
        self.events["basic_nack"].add(self._on_refused)

    def _forget(self) -> None:
        #: by their number since the channel was opened
        self.unconfirmed: set[int] = set()
        self._sent = 0

    def _do_revive(self) -> None:
        self._forget()
        super()._do_revive()

    def create_publish_batch(self, max_size: int) -> PublishBatch:
        return PublishBatch(self)

    def publish(self, message: Any, **options: Any) -> None:
        """Send a message that `wait_for_confirms` waits for."""
        if not self._sent:
            self.confirm_select()
        self._basic_publish(message, **options)

    def _basic_publish(self, *args: Any, **options: Any) -> None:
        self._sent += 1
        self.unconfirmed.add(self._sent)
        super()._basic_publish(*args, **options)

    def wait_for_confirms(self) -> None:
        while self.unconfirmed:
            if self.connection is None:
                raise RecoverableConnectionError("closed before everything was confirmed")
            self.connection.drain_events()

    def _on_confirmed(self, number: int, multiple: bool) -> None:
        if multiple:
            self.unconfirmed = {each for each in self.unconfirmed if each > number}
        else:
            self.unconfirmed.discard(number)

    def _on_refused(self, *_: Any) -> None:
        raise BrokerNotAccepting("the broker refuses a message")


class Connection(pyamqp.Connection):
    Channel = Channel


class Transport(pyamqp.Transport):
    Connection = Connection
