"""The broker: connections, topology, publishing. Redis/Valkey and RabbitMQ behind one face."""

from collections.abc import Iterable
from typing import Any

from celery import Celery
from django.conf import settings
from kombu import Connection, Exchange, Producer, Queue
from kombu.exceptions import BatchPublishError, InconsistencyError, OperationalError

from shop.bus import registry
from shop.bus.envelope import Envelope
from shop.bus.errors import TopologyMissing
from shop.bus.transport import EXCHANGE

#: Seconds a Celery task may run; the broker must not think it lost before that.
HARD_TIME_LIMIT = 60
SOFT_TIME_LIMIT = 45

_REDIS_OPTIONS = {
    "visibility_timeout": 5 * HARD_TIME_LIMIT,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "priority_steps": [0],
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
_RABBITMQ_OPTIONS = {"confirm_publish": True}

#: Builds Celery task messages; registers and runs nothing.
_messages = Celery("shop.bus", set_as_default=False)


def is_rabbitmq() -> bool:
    return settings.BROKER_URL.startswith(("amqp", "pyamqp"))


def url() -> str:
    """The broker's address with the transport of ours where it is Redis over a socket."""
    return settings.BROKER_URL.replace("redis+socket://", "redisbus+socket://", 1)


def transport() -> str | None:
    """The transport for addresses whose scheme does not name it."""
    return None if is_rabbitmq() else "shop.bus.transport:Transport"


def transport_options() -> dict[str, Any]:
    return dict(_RABBITMQ_OPTIONS if is_rabbitmq() else _REDIS_OPTIONS)


def connect() -> Connection:
    """A new connection, not yet opened."""
    options = transport_options()
    if is_rabbitmq():
        # A worker may wait for messages as long as it likes; who publishes must not hang.
        options |= {"read_timeout": 10, "write_timeout": 10}
    return Connection(url(), transport=transport(), transport_options=options, connect_timeout=5)


def errors() -> tuple[type[BaseException], ...]:
    """What a broker that is away or refuses raises."""
    probe = connect()
    return (
        OperationalError,
        BatchPublishError,
        OSError,
        TopologyMissing,
        *probe.connection_errors,
        *probe.channel_errors,
    )


def exchange() -> Exchange:
    return Exchange(EXCHANGE, "fanout", durable=True)


def queue(app: str) -> Queue:
    """An app's durable queue, addressed directly by its name."""
    arguments = {"x-queue-type": "quorum"} if is_rabbitmq() else None
    return Queue(app, Exchange(""), routing_key=app, durable=True, queue_arguments=arguments)


def declare_topology(apps: Iterable[str] | None = None) -> list[str]:
    """Declare the exchange and each app's queue with its bindings; returns the apps.

    Safe to repeat. A connection of its own each time, because a virtual
    connection believes what it declared once to be there for ever.
    """
    apps = registry.apps_with_reactions() if apps is None else list(apps)
    with connect() as connection, connection.channel() as channel:
        exchange()(channel).declare()
        for app in apps:
            _declare_queue(app, channel)
    return apps


def _declare_queue(app: str, channel: Any) -> None:
    """Bind to the fan-out exchange what the app reacts to.

    RabbitMQ's fan-out ignores routing keys, so there an exchange of the app's
    own picks the types. On Redis the fan-out itself looks at them.
    """
    source = exchange()
    if is_rabbitmq():
        source = Exchange(f"{EXCHANGE}.{app}", "topic", durable=True)(channel)
        source.declare()
        source.bind_to(exchange())
    bound = queue(app)(channel)
    bound.queue_declare()
    for type in registry.types_wanted_by(app):
        bound.bind_to(source, routing_key=type)


def missing_topology() -> list[str]:
    """The apps whose queue, or on Redis a binding of it, is not there. Declares nothing.

    Raises one of `errors()` when the broker is away.
    """
    apps = registry.apps_with_reactions()
    with connect() as connection:
        if is_rabbitmq():
            return [app for app in apps if not _has_queue(connection, app)]
        with connection.channel() as channel:
            bound = {(queue, type) for type, _, queue in _bindings(channel)}
    return [
        app for app in apps if not bound.issuperset((app, t) for t in registry.types_wanted_by(app))
    ]


def _has_queue(connection: Connection, app: str) -> bool:
    try:
        with connection.channel() as channel:
            queue(app)(channel).queue_declare(passive=True)
    except connection.channel_errors:
        return False
    return True


def _bindings(channel: Any) -> list[tuple[str, str, str]]:
    try:
        return channel.get_table(EXCHANGE)
    except InconsistencyError:
        return []


class Publisher:
    """Publishes events as Celery task messages over one connection."""

    def __init__(self) -> None:
        self.connection = connect()
        self._producer = Producer(self.connection, auto_declare=False, serializer="json")

    def to_exchange(self, envelopes: Iterable[Envelope]) -> None:
        """Fan the events out. Raises when the broker did not take all of them."""
        with self._producer.batch():
            for envelope in envelopes:
                self._send(envelope, exchange=EXCHANGE, routing_key=envelope.type)

    def to_app(self, app: str, envelopes: Iterable[Envelope]) -> None:
        """Put the events on one app's own queue, as copies that may have run before."""
        with self._producer.batch():
            for envelope in envelopes:
                self._send(envelope, exchange="", routing_key=app, resent=True)

    def depth(self, app: str) -> int:
        """How many messages wait in an app's queue. Raises `ChannelError` when it is missing."""
        channel = self.connection.default_channel
        if is_rabbitmq():
            return queue(app)(channel).queue_declare(passive=True).message_count
        return channel._size(app)

    def close(self) -> None:
        self.connection.release()

    def _send(self, envelope: Envelope, *, resent: bool = False, **destination: str) -> None:
        wanted = bool(registry.reactions_to(envelope.type))
        message = task_message(envelope)
        self._producer.publish(
            message.body,
            headers={**message.headers, "resent": resent},
            **message.properties,
            **destination,
            delivery_mode="persistent",
            mandatory=wanted,
        )


def task_message(envelope: Envelope) -> Any:
    """A Celery task message named by the event; its representation shows no personal data."""
    return _messages.amqp.as_task_v2(
        str(envelope.id),
        envelope.type,
        args=[envelope.to_wire()],
        root_id=str(envelope.correlation_id),
        parent_id=str(envelope.causation_id) if envelope.causation_id else None,
        argsrepr=f"({envelope.subject})",
        kwargsrepr="{}",
        origin="relay",
    )
