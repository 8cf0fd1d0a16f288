"""What the parts of the AsyncAPI document share: schemas around an event's data, and texts."""

from datetime import UTC, datetime
from inspect import cleandoc

from eventbus.contracts.schemas import Schema
from eventbus.messaging import signing

#: Where the schemas of the document are.
SCHEMAS = "#/components/schemas/"
#: The moment of every example.
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
JSON = "application/json"

TEXT: Schema = {"type": "string"}
TIME: Schema = {"type": "string", "format": "date-time"}
ID: Schema = {"type": "string", "format": "uuid"}
#: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md, and our extensions to it
CLOUDEVENT: Schema = {
    "type": "object",
    "description": "A CloudEvents 1.0 envelope in its JSON format.",
    "required": ["specversion", "id", "source", "type", "time", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {**ID, "description": "the same in every copy"},
        "source": {"type": "string", "format": "uri-reference", "description": "the app"},
        "type": TEXT,
        "subject": {**TEXT, "description": "the id of what the event is about"},
        "time": TIME,
        "datacontenttype": {"const": JSON},
        "eventversion": {"type": "integer", "minimum": 1, "description": "of the data's form"},
        "correlationid": {**ID, "description": "the event that began the story"},
        "causationid": {**ID, "description": "the event that was reacted to, if any"},
        "traceparent": {**TEXT, "description": "W3C trace context"},
        "data": {"type": "object"},
    },
}
HEADERS: Schema = {
    "type": "object",
    "description": "What Celery reads, and the signature. Celery sends more, which says nothing.",
    "required": ["task", "id", "root_id", signing.HEADER],
    "properties": {
        "task": {**TEXT, "description": "the event's type"},
        "id": {**ID, "description": "of this copy of the message"},
        "lang": {"const": "py"},
        "root_id": {**ID, "description": "the event that began the story"},
        "parent_id": {"type": ["string", "null"], "description": "the event that was reacted to"},
        "argsrepr": {**TEXT, "description": "the subject; nothing that is personal"},
        signing.HEADER: {**TEXT, "description": "of the envelope, by the project's own key"},
    },
}


def summary(doc: str | None) -> str:
    """Return a docstring up to its first blank line, in one line."""
    return " ".join(cleandoc(doc or "").partition("\n\n")[0].split())
