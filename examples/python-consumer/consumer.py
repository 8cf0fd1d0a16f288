"""Read events of the bus from RabbitMQ and print each as a CloudEvent, one JSON object a line.

BROKER_URL=amqp://... python consumer.py [--name NAME] [--count N] [TYPE ...]
"""

import argparse
import json
import os
import sys

import pika
from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.formats.json import JSONFormat

EXCHANGE = f"{os.environ.get('BUS', 'shop')}.events"


def main() -> None:
    options = _parser().parse_args()
    address = os.environ.get("BROKER_URL", "amqp://localhost")
    connection = pika.BlockingConnection(pika.URLParameters(address))
    channel = connection.channel()
    bind(channel, options.name, options.types)
    print(f"{options.name} listens to {', '.join(options.types)}", file=sys.stderr, flush=True)
    # An event may come more than once. Whoever acts on it remembers the ids in a database.
    seen: set[str] = set()
    for method, _, body in channel.consume(options.name):
        event = read(body)
        if event.get_id() not in seen:
            seen.add(event.get_id())
            print(JSONFormat().write(event).decode(), flush=True)
        channel.basic_ack(method.delivery_tag)
        if len(seen) == options.count:
            break
    connection.close()


def bind(channel, name: str, types: list[str]) -> None:
    """Give this reader a queue of its own, behind an exchange that picks the types it wants."""
    own = f"{EXCHANGE}.{name}"
    channel.exchange_declare(EXCHANGE, passive=True)
    channel.exchange_declare(own, "topic", durable=True)
    channel.exchange_bind(own, EXCHANGE)
    channel.queue_declare(name, durable=True, arguments={"x-queue-type": "quorum"})
    for type in types:
        channel.queue_bind(name, own, type)
    channel.basic_qos(prefetch_count=50)


def read(body: bytes) -> BaseCloudEvent:
    """Return the CloudEvent in a message, a task message of Celery whose only argument it is."""
    (attributes,), _, _ = json.loads(body)
    return JSONFormat().read(None, json.dumps(attributes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Print events of the bus as CloudEvents.")
    parser.add_argument("--name", default="python-consumer", help="this reader's, and its queue's")
    parser.add_argument("--count", type=int, help="end after so many events")
    parser.add_argument("types", nargs="*", default=["#"], metavar="TYPE")
    return parser


if __name__ == "__main__":
    main()
