"""Task events for Flower: what a worker received, started and ended, published in batches."""

from typing import Any

from celery.events import EventDispatcher

#: Seconds for which task events are collected: one message then carries many.
FLUSH_EVERY = 0.5
#: Task events that are published at once, however soon they came.
BUFFER_LIMIT = 500
#: What keeps kombu from connecting until it succeeds.
CONNECT_ONCE = {"max_retries": 1, "interval_start": 0}


class Dispatcher(EventDispatcher):
    """Sends the worker's events to Flower, and gives up where that would block the worker.

    Celery repeats its heartbeat until it is out, in the loop that also consumes. With a
    channel of a connection that kombu has given up, that is for ever: kombu connects anew each
    time and then uses that channel again. So each is tried once, and one that fails has the
    next go over a new connection.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"buffer_limit": BUFFER_LIMIT})

    def extend_buffer(self, other: EventDispatcher) -> None:
        """Take over what another could not publish, as its connection is gone."""
        super().extend_buffer(other)
        for group, events in other._group_buffer.items():
            self._group_buffer[group].extend(events)

    def _publish(
        self, event: Any, producer: Any, routing_key: str, retry: bool = False, **_: Any
    ) -> None:
        buffered = len(self._outbound_buffer)
        super()._publish(event, producer, routing_key)
        if retry and len(self._outbound_buffer) > buffered:
            self.connection.transport_options.update(CONNECT_ONCE)
            self.connection.collect()
            self.producer.revive(self.connection)
