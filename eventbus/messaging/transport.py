"""Redis/Valkey: a fan-out exchange that keeps what is sent to it.

kombu's own fan-out on Redis is PUB/SUB and forgets an event when nobody
listens. Here the exchange of the bus puts one copy on the list of each queue
bound to the event's type, each with a delivery tag of its own and that queue as
its return address, so that one app's acknowledgement or redelivery concerns
that app alone. Every other exchange stays as kombu has it.
"""

import time
from contextlib import closing
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis, virtual
from kombu.transport.virtual.exchange import FanoutExchange

from eventbus.conf import conf
from eventbus.exceptions import TopologyMissing
from eventbus.messaging import receiving
from eventbus.messaging.fan_out import PublishBatch
from eventbus.messaging.receiving import QoS

EXCHANGE = f"{conf.NAME}.events"
#: Seconds for which a channel trusts its copy of the bindings: one round trip
#: less per event.
BINDINGS_FRESH = 5.0

TRANSPORT_ALIASES["redisbus"] = "eventbus.messaging.transport:Transport"


class DurableFanoutExchange(FanoutExchange):
    """Fan-out to lists for the bus's exchange, to PUB/SUB for all others."""

    def deliver(self, message: dict, exchange: str, routing_key: str, **options: Any) -> None:
        if exchange != EXCHANGE:
            super().deliver(message, exchange, routing_key, **options)
            return
        queues = self.channel.queues_bound_to(routing_key)
        if options.get("mandatory") and not queues:
            raise TopologyMissing(f"no queue takes {routing_key}")
        if batch := options.get("_publish_batch"):
            batch.fan_out(message, queues)
        else:
            with closing(self.channel.create_publish_batch(1)) as alone:
                alone.fan_out(message, queues)
                alone.flush()


class Channel(receiving.Channel):
    QoS = QoS
    exchange_types = virtual.Channel.exchange_types | {"fanout": DurableFanoutExchange}

    _bindings: dict[str, list[str]]
    _bindings_read_at = float("-inf")

    def typeof(self, exchange: str, default: str = "direct") -> Any:
        """Return durable fan-out for the bus's exchange, also where it was never declared."""
        if exchange == EXCHANGE:
            return self.exchange_types["fanout"]
        return super().typeof(exchange, default)

    def queues_bound_to(self, routing_key: str) -> list[str]:
        """Return the queues that take events of this type."""
        if time.monotonic() - self._bindings_read_at > BINDINGS_FRESH:
            self._bindings = {}
            for key, _, queue in self.get_table(EXCHANGE):
                self._bindings.setdefault(key, []).append(queue)
            self._bindings_read_at = time.monotonic()
        return self._bindings.get(routing_key, [])

    def create_publish_batch(self, max_size: int) -> PublishBatch:
        return PublishBatch(self, max_size)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        super()._queue_bind(exchange, routing_key, pattern, queue)
        if exchange == EXCHANGE:
            # Otherwise the queue would be consumed by PUB/SUB.
            self._fanout_queues.pop(queue, None)


class Transport(redis.Transport):
    Channel = Channel
