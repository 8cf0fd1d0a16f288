"""The events of a project as an AsyncAPI 3 document, for people and programs of other systems.

https://www.asyncapi.com/docs/reference/specification/v3.1.0
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_OID, uuid5

from eventbus import registry
from eventbus.conf import conf
from eventbus.contracts import foreign
from eventbus.contracts.asyncapi_common import (
    CLOUDEVENT,
    HEADERS,
    JSON,
    MOMENT,
    SCHEMAS,
    summary,
)
from eventbus.contracts.schemas import Schema, example_of
from eventbus.envelope import Envelope, traceparent
from eventbus.event import Event
from eventbus.messaging import signing
from eventbus.messaging.broker import task_message
from eventbus.messaging.transport import EXCHANGE
from eventbus.registry import Reaction

VERSION = "3.1.0"
_DESCRIPTION = """\
Every event is published to one durable fan-out exchange, by its type as routing key. Each app has \
a durable queue of its own that takes the types it reacts to.

A message is a task message of Celery (protocol 2) whose one argument is a CloudEvents 1.0 \
envelope in JSON. An event may come more than once, and in any order: its `id` tells copies apart. \
Fields that a reader does not know are to be ignored. A field with `x-personal` tells who somebody \
is; in history it may be blank.

Bindings say how it is on RabbitMQ. On Redis and Valkey the queues are lists of the same names."""


def asyncapi() -> dict[str, Any]:
    """Return the document: what each app publishes, and which reactions receive it.

    Deadlines and tasks are left out: they are an app's own affair.
    """
    registry.load_services()
    events = [registry.event_class(type) for type in registry.event_types()]
    facts = [event for event in events if event.event_kind == "event"]
    inbound = foreign.taken_in()
    return {
        "asyncapi": VERSION,
        "id": f"urn:eventbus:{conf.NAME}",
        "info": {
            "title": f"Events of {conf.NAME}",
            "version": conf.RELEASE or "current",
            "description": _DESCRIPTION,
        },
        "defaultContentType": JSON,
        "servers": {"broker": _server()},
        "channels": {**_channels(facts), **foreign.channels(inbound)},
        "operations": {**_sending(facts), **_receiving(facts), **foreign.operations(inbound)},
        "components": {
            "messages": {event.type: _message(event) for event in facts}
            | foreign.messages(inbound),
            "schemas": {**_schemas(facts), **foreign.schemas(inbound)},
        },
    }


def _server() -> dict[str, Any]:
    """Return the broker without who may enter."""
    address = urlsplit(conf.BROKER_URL)
    scheme = address.scheme.partition("+")[0]
    protocol = {"pyamqp": "amqp"}.get(scheme, scheme)
    port = f":{address.port}" if address.port else ""
    server = {"host": f"{address.hostname or 'localhost'}{port}", "protocol": protocol}
    if protocol.startswith("amqp"):
        server["protocolVersion"] = "0.9.1"
    return server


def _channels(facts: Iterable[type[Event]]) -> dict[str, Any]:
    """Return a channel for each event, where it is published, and one for each app's queue."""
    published = {event.type: _published(event) for event in facts}
    return published | {
        f"queue.{app}": _queue(app, [event for event in facts if _reactions(event, app)])
        for app in registry.apps_with_reactions()
    }


def _published(event: type[Event]) -> dict[str, Any]:
    exchange = {"name": EXCHANGE, "type": "fanout", "durable": True, "autoDelete": False}
    return {
        "address": event.type,
        "title": event.type,
        "messages": _messages([event]),
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange}},
    }


def _queue(app: str, events: list[type[Event]]) -> dict[str, Any]:
    queue = {"name": app, "durable": True, "exclusive": False, "autoDelete": False}
    return {
        "address": app,
        "title": f"The queue of {app}",
        "messages": _messages(events),
        "bindings": {"amqp": {"is": "queue", "queue": queue}},
    }


def _messages(events: Iterable[type[Event]]) -> dict[str, Any]:
    return {event.type: {"$ref": f"#/components/messages/{event.type}"} for event in events}


def _sending(facts: Iterable[type[Event]]) -> dict[str, Any]:
    """Return an operation for each event: its app publishes it."""
    return {
        f"publish.{event.type}": {
            "action": "send",
            "title": f"{event.app} publishes {event.type}",
            "summary": summary(event.__doc__),
            "description": _listed("Emitted by", registry.emitters_of(event)),
            "channel": {"$ref": f"#/channels/{event.type}"},
            "tags": [{"name": event.app}],
            "messages": [{"$ref": f"#/channels/{event.type}/messages/{event.type}"}],
            "bindings": {"amqp": {"deliveryMode": 2, "mandatory": True}},
        }
        for event in facts
    }


def _receiving(facts: Iterable[type[Event]]) -> dict[str, Any]:
    """Return an operation for each reaction, with all events that it reacts to."""
    causes: dict[tuple[str, str], list[type[Event]]] = {}
    known: dict[tuple[str, str], Reaction] = {}
    for event in facts:
        for reaction in registry.reactions_to(event.type):
            causes.setdefault((reaction.app, reaction.name), []).append(event)
            known[reaction.app, reaction.name] = reaction
    return {
        f"{app}.{name}": _reacting(known[app, name], events)
        for (app, name), events in sorted(causes.items())
    }


def _reacting(reaction: Reaction, events: list[type[Event]]) -> dict[str, Any]:
    channel = f"#/channels/queue.{reaction.app}"
    return {
        "action": "receive",
        "title": f"{reaction.app}: {reaction.name.replace('_', ' ')}",
        "summary": summary(reaction.doc),
        "description": _listed("May emit", reaction.emitted_types),
        "channel": {"$ref": channel},
        "tags": [{"name": reaction.app}],
        "messages": [{"$ref": f"{channel}/messages/{event.type}"} for event in events],
        "bindings": {"amqp": {"ack": True}},
    }


def _reactions(event: type[Event], app: str) -> list[Reaction]:
    return registry.reactions_to(event.type, app)


def _message(event: type[Event]) -> dict[str, Any]:
    sent = task_message(_example(event))
    stable = {**sent.headers, "id": str(uuid5(NAMESPACE_OID, f"copy of {event.type}"))}
    headers = {name: stable[name] for name in HEADERS["properties"] if name in stable}
    headers[signing.HEADER] = "signature"
    return {
        "name": event.type,
        "title": event.type,
        "summary": summary(event.__doc__),
        "contentType": JSON,
        "tags": [{"name": event.app}],
        "correlationId": {"location": "$message.header#/root_id"},
        "headers": {"$ref": f"{SCHEMAS}headers"},
        "payload": _payload(event),
        "bindings": {"amqp": {"contentEncoding": "utf-8", "messageType": event.type}},
        "examples": [{"name": "example", "headers": headers, "payload": list(sent.body)}],
    }


def _example(event: type[Event]) -> Envelope:
    """Return an event in its envelope, the same each time."""
    id = uuid5(NAMESPACE_OID, event.type)
    made = example_of(event)
    return Envelope(
        id=id,
        type=event.type,
        version=event.version,
        subject=made.subject,
        correlation_id=id,
        causation_id=None,
        traceparent=traceparent(id, id),
        occurred_at=MOMENT,
        data=made.to_data(),
    )


def _payload(event: type[Event]) -> Schema:
    """Return the schema of a whole task message: its arguments, options and embedded tasks."""
    ours = {
        "type": {"const": event.type},
        "eventversion": {"const": event.version},
        "data": {"$ref": f"{SCHEMAS}{event.type}"},
    }
    envelope = {"allOf": [{"$ref": f"{SCHEMAS}cloudevent"}, {"properties": ours}]}
    return _array(_array(envelope), {"type": "object", "maxProperties": 0}, {"type": "object"})


def _array(*items: Schema) -> Schema:
    return {"type": "array", "items": [*items], "minItems": len(items), "maxItems": len(items)}


def _schemas(facts: Iterable[type[Event]]) -> dict[str, Schema]:
    """Return every schema by its name; that of a value begins with its app's."""
    found: dict[str, Schema] = {"cloudevent": CLOUDEVENT, "headers": HEADERS}
    values: dict[str, Schema] = {}
    for event in facts:
        schema = event.json_schema()
        own = schema.pop("$defs", {})
        names = {}
        for name, value in own.items():
            shared = f"{event.app}.{name}"
            is_same = values.setdefault(shared, value) == value
            names[f"#/$defs/{name}"] = shared if is_same else f"{event.type}.{name}"
        found[event.type] = _placed(schema, names)
        found |= {names[f"#/$defs/{name}"]: _placed(value, names) for name, value in own.items()}
    return found


def _placed(schema: Any, names: dict[str, str]) -> Any:
    """Return a schema in the dialect of AsyncAPI (draft 7), its references into the document."""
    if isinstance(schema, list):
        return [_placed(each, names) for each in schema]
    if not isinstance(schema, dict):
        return schema
    placed = {_DRAFT_7.get(key, key): _placed(each, names) for key, each in schema.items()}
    reference = placed.get("$ref")
    return {**placed, "$ref": f"{SCHEMAS}{names[reference]}"} if reference in names else placed


def _listed(what: str, names: list[str]) -> str:
    return f"{what} {', '.join(names)}." if names else f"{what} nothing here."


#: Keywords of JSON Schema 2020-12 that were called otherwise before.
_DRAFT_7 = {"prefixItems": "items"}
