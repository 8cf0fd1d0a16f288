"""Sending to Service Bus, over a connection that each process keeps."""

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from typing import Any

from azure.servicebus import ServiceBusClient, ServiceBusMessage
from azure.servicebus.exceptions import MessageSizeExceededError

from eventbus.bridges.clients import PerProcess
from eventbus.bridges.outgoing import CloudEvent, NotTaken, call_timeout
from eventbus.conf import conf
from eventbus.exceptions import EventTooLarge

#: Characters that a session's id may have.
MAX_SESSION = 128


def send(event: CloudEvent) -> None:
    """Send an event and wait until Service Bus has settled it.

    Raises `EventTooLarge`, `NotTaken` where no answer came in time, and the library's own errors.
    """
    connection = _connection()
    try:
        connection.send(message(event), call_timeout())
    except MessageSizeExceededError as error:
        raise EventTooLarge(f"Service Bus takes no message of its size: {error.message}") from None
    except TimeoutError:
        _connection.drop()
        connection.cut()
        raise NotTaken(f"Service Bus did not answer within {call_timeout():g} s") from None


def message(event: CloudEvent) -> ServiceBusMessage:
    """Return an event as a message in the binary mode of CloudEvents.

    What Service Bus knows a second time by its id it drops; what has one subject is one session,
    or one partition, and keeps its order there.
    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/amqp-protocol-binding.md
    """
    attributes = dict(event.attributes)
    return ServiceBusMessage(
        event.data_text,
        message_id=str(event.id),
        session_id=session_of(event.subject),
        subject=event.type,
        content_type=attributes.pop("datacontenttype"),
        correlation_id=attributes["correlationid"],
        application_properties={f"cloudEvents_{name}": v for name, v in attributes.items()},
    )


def session_of(subject: str) -> str:
    """Return the session of what is about this subject: itself, or a digest where it is longer."""
    return subject if len(subject) <= MAX_SESSION else sha256(subject.encode()).hexdigest()


class Connection:
    """A connection of this process, used by a thread of its own.

    The library waits without end for a server that is there and says nothing as it is connected to.
    """

    def __init__(self) -> None:
        client = ServiceBusClient.from_connection_string(
            conf.SERVICEBUS_CONNECTION_STRING,
            # Connects anew where the other side has closed an idle connection.
            retry_total=1,
            retry_backoff_factor=0.1,
        )
        self._sender = client.get_topic_sender(conf.SERVICEBUS_TOPIC)
        self._thread = ThreadPoolExecutor(1, "servicebus")

    def send(self, message: ServiceBusMessage, seconds: float) -> None:
        """Send a message and wait until it is settled. Raises `TimeoutError`."""
        sent = self._thread.submit(self._sender.send_messages, message, timeout=seconds)
        sent.result(seconds)

    def cut(self) -> None:
        """End what goes on and let go of the thread."""
        self._thread.shutdown(wait=False)
        # There is no other way to the socket, and closing in good order would wait as well.
        with suppress(AttributeError, OSError):
            handler: Any = self._sender._handler
            handler._connection._transport.sock.shutdown(socket.SHUT_RDWR)


_connection = PerProcess(Connection)
