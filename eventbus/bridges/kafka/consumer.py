"""Foreign events on topics of Kafka: a source of `eventbus.inbound`.

A message's offset is committed once its row is, never before; so what is lost on the way comes
again, and is known by its id.
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from confluent_kafka import Consumer, KafkaException
from confluent_kafka import Message as KafkaMessage

from eventbus.conf import conf
from eventbus.inbound.sources import AT_ONCE, Message

log = logging.getLogger("eventbus.bridges.kafka")

#: Those of Kafka away.
ERRORS = (KafkaException,)
#: What begins the name of a header with an attribute, in the binary mode of CloudEvents.
_PREFIX = "ce_"
#: What the type of the content begins with, in the structured mode.
_STRUCTURED = "application/cloudevents"


class TopicSource:
    """Topics of Kafka, shared with whoever else of this bus takes them in.

    All methods raise `KafkaException` where Kafka is away.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._consumer = Consumer(
            {
                "auto.offset.reset": "earliest",
                **conf.KAFKA,
                "group.id": f"{conf.NAME}.inbound",
                "enable.auto.commit": True,
                # What is committed is what was acknowledged, not what was given.
                "enable.auto.offset.store": False,
            },
            logger=log,
        )
        self._consumer.subscribe(list(names))
        self._early: list[Message] = []

    def wait(self, seconds: float) -> Sequence[Message]:
        messages = self._early or self._take(AT_ONCE, seconds)
        self._early = []
        return messages

    def _take(self, count: int, seconds: float) -> list[Message]:
        return [self._message(each) for each in self._consumer.consume(count, seconds)]

    def _message(self, message: KafkaMessage) -> Message:
        """Return a message with its content as a CloudEvent in JSON. Raises `KafkaException`."""
        if error := message.error():
            raise KafkaException(error)
        acknowledge = partial(self._consumer.store_offsets, message)
        return Message(content_of(message), f"kafka:{message.topic()}", acknowledge)

    def stay(self, seconds: float) -> None:
        # Whoever does not ask for messages for long is left out of the group.
        partitions = self._consumer.assignment()
        self._consumer.pause(partitions)
        self._early += self._take(1, seconds)
        self._consumer.resume(partitions)

    def close(self) -> None:
        """Commit the offsets of what was acknowledged, and leave the group."""
        self._consumer.close()


def topics() -> TopicSource:
    """Return the topics that the settings name, subscribed to."""
    return TopicSource(sorted(conf.KAFKA_TOPICS))


def content_of(message: KafkaMessage) -> bytes:
    """Return a message's CloudEvent in JSON, whichever mode it has; else what it holds.

    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
    """
    value = message.value() or b""
    try:
        headers = _headers(message)
        if headers.get("content-type", "").lower().startswith(_STRUCTURED):
            return value
        json.loads(value)
    except (ValueError, RecursionError):
        return value
    return _structured(headers, value)


def _headers(message: KafkaMessage) -> dict[str, str]:
    """Return a message's headers as texts. Raises `UnicodeDecodeError`."""
    pairs: Iterable[tuple[str, bytes | None]] = message.headers() or ()  # type: ignore[assignment]
    return {name: text.decode() for name, text in pairs if text is not None}


def _structured(headers: Mapping[str, str], data: bytes) -> bytes:
    """Return a CloudEvent of these headers, with its data as it stands: to the last digit.

    Without attributes it is none.
    """
    attributes = {
        name.removeprefix(_PREFIX): text
        for name, text in headers.items()
        if name.startswith(_PREFIX) and name != f"{_PREFIX}data"
    }
    if not attributes:
        return data
    if "content-type" in headers:
        attributes["datacontenttype"] = headers["content-type"]
    return json.dumps(attributes)[:-1].encode() + b', "data": ' + data + b"}"
