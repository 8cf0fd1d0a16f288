"""Redis/Valkey: a malformed item of a queue's list is read as an empty message.

RabbitMQ has messages; a list has whatever was put there, and kombu ends over what it cannot
read. An empty message instead is refused by the gate of a worker, counted, and dropped.
"""

from typing import Any

import structlog
from kombu.transport import redis, virtual
from kombu.utils import json
from kombu.utils.encoding import bytes_to_str
from kombu.utils.uuid import uuid
from redis.exceptions import DataError

log = structlog.get_logger("eventbus.messaging.worker")

#: What kombu raises over an item that nobody but a stranger has made.
UNREADABLE = (
    ArithmeticError,
    AttributeError,
    DataError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def empty(tag: str | None = None) -> dict[str, Any]:
    """Return an empty message in the form that a list holds."""
    delivery_info = {"exchange": "", "routing_key": ""}
    return {
        "headers": {},
        "properties": {"delivery_tag": tag or uuid(), "delivery_info": delivery_info},
    }


def loads(item: str) -> Any:
    """Decode an item; return an empty message for one that cannot be."""
    try:
        return json.loads(item)
    except UNREADABLE:
        return empty()


def read(item: bytes, tag: str, queue: str) -> Any:
    """Decode an item of a list as the delivery `tag`; an empty message for malformed ones."""
    message = loads(bytes_to_str(item))
    try:
        message["properties"]["delivery_tag"] = tag
        message["properties"]["delivery_info"].update(exchange="", routing_key=queue)
    except UNREADABLE:
        return empty(tag)
    return message


# Lists, subscriptions and what is not acknowledged are all read by this one name.
vars(redis).update(loads=loads)


class Message(virtual.Message):
    """A message, whatever was in the list."""

    def __init__(self, payload: Any, channel: Any = None, **options: Any) -> None:
        try:
            super().__init__(payload, channel=channel, **options)
        except UNREADABLE:
            self.empty(channel, _tag(payload))

    def empty(self, channel: Any, tag: str | None = None) -> None:
        super().__init__(empty(tag), channel=channel)


def _tag(payload: Any) -> str | None:
    """Return the tag of a delivery; None for what has no usable one."""
    try:
        tag = payload["properties"]["delivery_tag"]
    except UNREADABLE:
        return None
    return tag if isinstance(tag, str) else None


class QoS(redis.QoS):
    """The safety copies of what is not acknowledged, none of which can stop a worker."""

    def append(self, message: Any, delivery_tag: Any) -> None:
        """Keep a copy. A message that could not be given back is emptied first."""
        try:
            super().append(message, delivery_tag)
        except UNREADABLE:
            message.empty(self.channel)
            super().append(message, message.delivery_tag)

    def restore_by_tag(self, tag: Any, client: Any = None, leftmost: bool = False) -> None:
        """Put a copy back into its list; what is none is dropped."""
        try:
            super().restore_by_tag(tag, client, leftmost)
        except UNREADABLE:
            log.error("dropped what was no message", reason="it cannot be given back")
            self._remove_from_indices(tag).execute()
