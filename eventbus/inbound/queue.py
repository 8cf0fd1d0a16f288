"""The inbound queue: foreign systems put their events here, and nothing else is there.

On RabbitMQ it is a durable quorum queue behind a fan-out exchange of the same name: a foreign
system's user may write to that exchange alone. On Redis and Valkey it is a list.
"""

from typing import Any

from kombu import Connection, Exchange

from eventbus import registry
from eventbus.messaging import broker, topology

#: Of the queue, and of RabbitMQ's exchange.
QUEUE = topology.INBOUND


def declare(connection: Connection, **_: Any) -> None:
    """Declare queue and exchange where an event is foreign; receiver of `topology_declared`.

    A list of Redis is there once something is in it. Raises one of `broker.errors()`.
    """
    if not broker.is_rabbitmq() or not registry.foreign_events():
        return
    topology.declare_queue(connection, QUEUE)
    with connection.channel() as channel:
        topology.declare_exchange(Exchange(QUEUE, "fanout", durable=True), channel)
        broker.queue(QUEUE)(channel).bind_to(QUEUE)
