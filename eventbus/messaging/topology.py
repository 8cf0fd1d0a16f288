"""The broker's topology: the exchange, queues and bindings, declared before publishing."""

from collections.abc import Iterable
from typing import Any

import structlog
from amqp.exceptions import PreconditionFailed
from kombu import Connection, Exchange, Queue
from kombu.exceptions import InconsistencyError

from eventbus import registry
from eventbus.conf import conf
from eventbus.exceptions import BrokerMisconfigured, TopologyConflict
from eventbus.messaging.broker import connect, exchange, is_rabbitmq, queue
from eventbus.messaging.policies import DEAD
from eventbus.messaging.transport import EXCHANGE
from eventbus.signals import topology_declared

log = structlog.get_logger("eventbus.messaging.topology")

#: The queue of foreign systems' events, and RabbitMQ's exchange; `eventbus.inbound` declares them.
INBOUND = f"{conf.NAME}.inbound"


def declare(apps: Iterable[str] | None = None) -> list[str]:
    """Declare the exchange and each app's queue with its bindings; returns the apps.

    Safe to repeat. A connection of its own each time, because a virtual
    connection believes what it declared once to be there for ever. Raises
    `BrokerMisconfigured`, or one of `broker.errors()`.
    """
    apps = registry.apps_with_reactions() if apps is None else list(apps)
    with connect() as connection:
        require_noeviction(connection)
        if is_rabbitmq():
            declare_queue(connection, DEAD)
        for app in apps:
            declare_queue(connection, app)
        with connection.channel() as channel:
            declare_exchange(exchange(), channel)
            bound = _bound(channel)
            for app in apps:
                _bind(app, channel, bound)
        topology_declared.send(sender=None, connection=connection)
    return apps


def declare_queue(connection: Connection, name: str) -> None:
    """Declare one queue. One that is there with other arguments is used as it is, and named."""
    try:
        with connection.channel() as channel:
            queue(name)(channel).queue_declare()
    except PreconditionFailed as error:
        log.warning(
            "the queue was made with other arguments and is used as it is; once it is empty, "
            "delete it and it is made anew",
            queue=name,
            error=error.reply_text,
        )


def require_noeviction(connection: Connection) -> None:
    """Raise `BrokerMisconfigured` if the broker may throw away what it was given."""
    if is_rabbitmq():
        return
    channel: Any = connection.default_channel
    policy = channel.client.info("memory")["maxmemory_policy"]
    if policy != "noeviction":
        raise BrokerMisconfigured(
            f"the broker may evict queues: its maxmemory-policy is {policy} and must be noeviction"
        )


def missing() -> list[str]:
    """Return the apps whose queue, or on Redis a binding of it, is not there. Declares nothing.

    Raises one of `broker.errors()` when the broker is away.
    """
    apps = registry.apps_with_reactions()
    with connect() as connection:
        if is_rabbitmq():
            return [app for app in apps if not _has_queue(connection, app)]
        with connection.channel() as channel:
            bound = _bound(channel)
    return [
        app for app in apps if not bound.issuperset((app, t) for t in registry.types_wanted_by(app))
    ]


def declare_exchange(declared: Exchange, channel: Any) -> Exchange:
    """Declare an exchange and return it bound to the channel. Raises `TopologyConflict`."""
    bound = declared(channel)
    try:
        bound.declare()
    except PreconditionFailed as error:
        raise TopologyConflict(
            f"the exchange {declared.name} is of another type; delete it: {error.reply_text}"
        ) from error
    return bound


def _bind(app: str, channel: Any, known: set[tuple[str, str]]) -> None:
    """Bind to the fan-out exchange what the app reacts to and is not known to be bound.

    RabbitMQ's fan-out ignores routing keys, so there an exchange of the app's
    own picks the types. On Redis the fan-out itself looks at them.
    """
    source = exchange()
    if is_rabbitmq():
        source = declare_exchange(Exchange(f"{EXCHANGE}.{app}", "topic", durable=True), channel)
        source.bind_to(exchange())
    bound: Queue = queue(app)(channel)
    for type in registry.types_wanted_by(app):
        if (app, type) not in known:
            bound.bind_to(source, routing_key=type)


def _has_queue(connection: Connection, app: str) -> bool:
    try:
        with connection.channel() as channel:
            queue(app)(channel).queue_declare(passive=True)
    except connection.channel_errors:
        return False
    return True


def _bound(channel: Any) -> set[tuple[str, str]]:
    """Return the (app, type) that are bound, read in one round trip; RabbitMQ does not tell."""
    if is_rabbitmq():
        return set()
    try:
        return {(queue, type) for type, _, queue in channel.get_table(EXCHANGE)}
    except InconsistencyError:
        return set()
