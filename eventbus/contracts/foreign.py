"""The inbound queue in the AsyncAPI document: what foreign systems may state, and in which form."""

from typing import Any

from django.apps import apps

from eventbus import registry
from eventbus.contracts.asyncapi_common import ID, JSON, MOMENT, SCHEMAS, TEXT, TIME, summary
from eventbus.contracts.schemas import Schema, example_of
from eventbus.event import Event
from eventbus.messaging.topology import INBOUND

#: Of the channel, and of the operation.
_NAME = "inbound"
_DESCRIPTION = """\
Foreign systems put their events here, as CloudEvents 1.0 in their JSON format, and send them \
again until they know that they are there: by `source` and `id` each is taken in once. What is \
taken in is published on as any other event, on the channel of its type.

On RabbitMQ it is a durable queue behind the exchange, which takes any routing key; on Redis and \
Valkey a list of this name, for LPUSH. What is not accepted is kept with the reason and stops \
nothing behind it."""
_CLOUDEVENT = "foreign.cloudevent"


def taken_in() -> list[type[Event]]:
    """Return the events that are taken in from foreign systems: none without the inbound app."""
    return registry.foreign_events() if apps.is_installed("eventbus.inbound") else []


def channels(events: list[type[Event]]) -> dict[str, Any]:
    """Return the channel on which these events come, if there are any."""
    if not events:
        return {}
    exchange = {"name": INBOUND, "type": "fanout", "durable": True, "autoDelete": False}
    channel = {
        "address": INBOUND,
        "title": "Events of foreign systems",
        "description": _DESCRIPTION,
        "messages": {_key(e): {"$ref": f"#/components/messages/{_key(e)}"} for e in events},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange}},
    }
    return {_NAME: channel}


def operations(events: list[type[Event]]) -> dict[str, Any]:
    """Return the operation by which these events are taken in, if there are any."""
    if not events:
        return {}
    sources = sorted({event.foreign_source for event in events})
    channel = f"#/channels/{_NAME}"
    operation = {
        "action": "receive",
        "title": "Events of foreign systems are taken in",
        "summary": f"Stated by {', '.join(sources)}.",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{_key(event)}"} for event in events],
        "bindings": {"amqp": {"ack": True}},
    }
    return {_NAME: operation}


def messages(events: list[type[Event]]) -> dict[str, Any]:
    """Return the message of each event, as its source sends it, by its name in the document."""
    return {_key(event): _message(event) for event in events}


def schemas(events: list[type[Event]]) -> dict[str, Schema]:
    """Return what the messages of these events refer to beside the schemas of their data."""
    return {_CLOUDEVENT: _ENVELOPE} if events else {}


def _key(event: type[Event]) -> str:
    return f"{_NAME}.{event.type}"


def _message(event: type[Event]) -> dict[str, Any]:
    stated = {
        "source": {"const": event.foreign_source},
        "type": {"const": event.foreign_type},
        "data": {"$ref": f"{SCHEMAS}{event.type}"},
    }
    return {
        "name": _key(event),
        "title": event.foreign_type,
        "summary": summary(event.__doc__),
        "description": f"Stated by {event.foreign_source}; here it is {event.type}.",
        "contentType": "application/cloudevents+json",
        "tags": [{"name": event.app}],
        "payload": {"allOf": [{"$ref": f"{SCHEMAS}{_CLOUDEVENT}"}, {"properties": stated}]},
        "bindings": {"amqp": {"contentEncoding": "utf-8"}},
        "examples": [{"name": "example", "payload": _example(event)}],
    }


def _example(event: type[Event]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "1",
        "source": event.foreign_source,
        "type": event.foreign_type,
        "time": MOMENT.isoformat(),
        "datacontenttype": JSON,
        "data": example_of(event).to_data(),
    }


_NAMED = {**TEXT, "minLength": 1, "maxLength": 255}
#: As `eventbus.inbound` reads it.
_ENVELOPE: Schema = {
    "type": "object",
    "description": "A CloudEvents 1.0 envelope in its JSON format, as a foreign system sends it.",
    "required": ["specversion", "id", "source", "type", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {**_NAMED, "description": "with the source it names the event, however often sent"},
        "source": _NAMED,
        "type": _NAMED,
        "time": TIME,
        "datacontenttype": {**_NAMED, "description": f"{JSON}, or another type of JSON"},
        "causationid": {**ID, "description": "the event of ours that it answers, if any"},
        "data": {"type": "object"},
    },
}
