"""State an event to the bus from outside: a CloudEvent for its inbound queue.

BROKER_URL=amqp://... python producer.py SOURCE TYPE DATA [--id ID] [--times N]
"""

import argparse
import json
import os
import sys
from uuid import uuid4

import pika
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

INBOUND = f"{os.environ.get('BUS', 'shop')}.inbound"


def main() -> None:
    options = _parser().parse_args()
    content = event(options.source, options.type, options.id, options.data)
    address = os.environ.get("BROKER_URL", "amqp://localhost")
    send = send_to_redis if address.startswith("redis") else send_to_rabbitmq
    send(address, [content] * options.times)
    print(f"sent {options.id} of {options.source}, {options.times} times", file=sys.stderr)


def event(source: str, type: str, id: str, data: dict) -> bytes:
    """Return a CloudEvent in its JSON format. Sent again, it must have the same id."""
    attributes = {"source": source, "type": type, "id": id, "datacontenttype": "application/json"}
    return JSONFormat().write(CloudEvent(attributes, data))


def send_to_rabbitmq(address: str, contents: list[bytes]) -> None:
    """Publish to the exchange of the inbound queue; raises unless RabbitMQ confirms each."""
    connection = pika.BlockingConnection(pika.URLParameters(address))
    channel = connection.channel()
    channel.confirm_delivery()
    properties = pika.BasicProperties(
        content_type="application/cloudevents+json", delivery_mode=pika.DeliveryMode.Persistent
    )
    for content in contents:
        channel.basic_publish(INBOUND, "", content, properties, mandatory=True)
    connection.close()


def send_to_redis(address: str, contents: list[bytes]) -> None:
    """Push onto the list that is the inbound queue of Redis or Valkey."""
    import redis

    redis.Redis.from_url(address).lpush(INBOUND, *contents)


def json_object(text: str) -> dict:
    """Read the argument DATA."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"it is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("it is no JSON object")
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Send a CloudEvent to the inbound queue.")
    parser.add_argument("source", metavar="SOURCE", help="as the event's class names it")
    parser.add_argument("type", metavar="TYPE", help="likewise")
    parser.add_argument("data", metavar="DATA", type=json_object, help="a JSON object")
    parser.add_argument("--id", default=str(uuid4()), help="of the event, unique in its source")
    parser.add_argument("--times", type=int, default=1, help="how often it is sent")
    return parser


if __name__ == "__main__":
    main()
