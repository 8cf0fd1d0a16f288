"""The broker: connections, queues, publishing. Redis/Valkey and RabbitMQ behind one face."""

import time
from collections.abc import Callable, Iterable
from ssl import CERT_REQUIRED
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from celery import Celery
from kombu import Connection, Exchange, Producer, Queue
from kombu.exceptions import BatchPublishError, OperationalError

from eventbus import registry
from eventbus.conf import conf
from eventbus.envelope import Envelope
from eventbus.exceptions import BrokerNotAccepting, TopologyConflict, TopologyMissing
from eventbus.messaging import signing
from eventbus.messaging.compression import disable_decompression
from eventbus.messaging.transport import EXCHANGE

#: Seconds a Celery task may run; the broker must not think it lost before that.
HARD_TIME_LIMIT = 60
SOFT_TIME_LIMIT = 45

#: Seconds for which a batch is sent: a lease of the relay's must outlive it.
BATCH_WITHIN = 4.0

_REDIS_OPTIONS = {
    "visibility_timeout": 5 * HARD_TIME_LIMIT,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # Who else works on this server puts back only its own, after its own time.
    "unacked_key": f"{conf.NAME}.unacked",
    "unacked_index_key": f"{conf.NAME}.unacked_index",
    "unacked_mutex_key": f"{conf.NAME}.unacked_mutex",
    "priority_steps": [0],
    "socket_timeout": 10,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
_RABBITMQ_OPTIONS = {"confirm_publish": True}

disable_decompression()

#: Builds Celery task messages; registers and runs nothing. Not the app of the process, which it
#: would take the project's own tasks from.
_messages = Celery("eventbus", set_as_current=False, fixups=[])


def is_rabbitmq() -> bool:
    return conf.BROKER_URL.startswith(("amqp", "pyamqp"))


def url() -> str:
    """Return the broker's address, with our transport where it is Redis over a socket."""
    return conf.BROKER_URL.replace("redis+socket://", "redisbus+socket://", 1)


def transport() -> str | None:
    """Return the transport for addresses whose scheme does not name it."""
    return None if is_rabbitmq() else "eventbus.messaging.transport:Transport"


def transport_options() -> dict[str, Any]:
    if is_rabbitmq():
        return {**_RABBITMQ_OPTIONS, "socket_settings": conf.TCP_OPTIONS}
    return {
        **_REDIS_OPTIONS,
        "socket_connect_timeout": conf.CONNECT_WITHIN,
        "socket_keepalive_options": conf.TCP_OPTIONS,
    }


def tls() -> dict[str, Any] | None:
    """Return the TLS options that verify the broker, where its address asks for TLS."""
    address, authority = urlsplit(conf.BROKER_URL), conf.BROKER_CA or None
    if address.scheme == "amqps":
        return {
            "cert_reqs": CERT_REQUIRED,
            "ca_certs": authority,
            "server_hostname": address.hostname,
        }
    if address.scheme == "rediss":
        return {
            "ssl_cert_reqs": CERT_REQUIRED,
            "ssl_ca_certs": authority,
            "ssl_check_hostname": True,
        }
    return None


def connect(within: float = 10) -> Connection:
    """Return a new connection, not yet opened. `within`: seconds that one step may take.

    A worker may wait for messages as long as it likes; who publishes must not hang.
    """
    options = transport_options()
    at_most = min(within, conf.CONNECT_WITHIN)
    if is_rabbitmq():
        options |= {"read_timeout": within, "write_timeout": within}
        carrier: str | None = "eventbus.messaging.confirms:Transport"
    else:
        carrier = transport()
        options |= {"socket_timeout": within, "socket_connect_timeout": at_most}
    return Connection(
        url(),
        transport=carrier,
        transport_options=options,
        connect_timeout=at_most,
        ssl=tls() or False,
    )


def errors() -> tuple[type[BaseException], ...]:
    """Return the errors that a broker that is away or refuses raises."""
    probe = connect()
    return (
        OperationalError,
        BatchPublishError,
        OSError,
        TopologyMissing,
        TopologyConflict,
        BrokerNotAccepting,
        *probe.connection_errors,
        *probe.channel_errors,
    )


def exchange() -> Exchange:
    return Exchange(EXCHANGE, "fanout", durable=True)


def queue(app: str) -> Queue:
    """Return an app's durable queue, addressed directly by its name.

    Only `eventbus.messaging.topology` declares it. What else it should be told is its policy's
    affair:
    arguments of a queue cannot be changed.
    """
    arguments = {"x-queue-type": "quorum"} if is_rabbitmq() else None
    return Queue(
        app,
        Exchange(""),
        routing_key=app,
        durable=True,
        queue_arguments=arguments,
        no_declare=True,
    )


class Publisher:
    """Publishes events as Celery task messages over one connection."""

    def __init__(self) -> None:
        self.connection = connect()
        self._producer = Producer(self.connection, auto_declare=False, serializer="json")

    def to_exchange(self, envelopes: Iterable[Envelope]) -> int:
        """Fan the events out; returns how many, see `_each`. Raises when one was not taken."""
        return self._each(
            envelopes, lambda each: self._send(each, exchange=EXCHANGE, routing_key=each.type)
        )

    def to_app(self, app: str, envelopes: Iterable[Envelope]) -> int:
        """Put the events on one app's own queue, as copies that may have run before.

        Returns how many, see `_each`. Raises when one was not taken.
        """
        return self._each(
            envelopes, lambda each: self._send(each, exchange="", routing_key=app, resent=True)
        )

    def _each(self, envelopes: Iterable[Envelope], send: Callable[[Envelope], None]) -> int:
        """Send as many as the broker takes within `BATCH_WITHIN`, the first of them at least.

        A broker that is far away and confirms one by one takes longer for a batch than any
        lease lasts: what it took by then counts.
        """
        began, count = time.monotonic(), 0
        with self._producer.batch():
            for envelope in envelopes:
                send(envelope)
                count += 1
                if time.monotonic() - began > BATCH_WITHIN:
                    break
        return count

    def depth(self, app: str) -> int:
        """Return how many messages wait in an app's queue. `ChannelError` if it is missing."""
        channel = self.connection.default_channel
        if is_rabbitmq():
            return queue(app)(channel).queue_declare(passive=True).message_count
        return channel._size(app)

    def compact(self) -> bool:
        """Have Redis/Valkey write its append-only file anew; whether it does.

        What was read and removed stays in that file till then. Not where there is no such file,
        where nothing was written to it, or where another one is being made just now.
        """
        if is_rabbitmq():
            return False
        channel: Any = self.connection.default_channel
        client = channel.client
        about = client.info("persistence")
        if not about.get("aof_enabled") or about["aof_rewrite_in_progress"]:
            return False
        if about["aof_current_size"] == about["aof_base_size"]:
            return False
        client.bgrewriteaof()
        return True

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
    """Return a signed task message of Celery, named by the event; it shows no personal data.

    Its own id is new each time: what is done to one copy, as ending it, is not done to the next.
    """
    wire = envelope.to_wire()
    message = _messages.amqp.as_task_v2(
        str(uuid4()),
        envelope.type,
        args=[wire],
        root_id=str(envelope.correlation_id),
        parent_id=str(envelope.causation_id) if envelope.causation_id else None,
        argsrepr=f"({envelope.subject})",
        kwargsrepr="{}",
        origin="relay",
    )
    message.headers[signing.HEADER] = signing.signature(wire)
    return message
