"""The event on the wire: a CloudEvents 1.0 envelope in its JSON format.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from eventbus import clock, registry
from eventbus.canonical import as_text
from eventbus.context import current_cause
from eventbus.exceptions import InvalidEvent
from eventbus.ids import new_id
from eventbus.upcasting import upcast

if TYPE_CHECKING:
    from eventbus.event import Event


@dataclass(frozen=True)
class Envelope:
    """An event with its identity and its place in the story.

    `correlation_id` is the id of the event that began the story,
    `causation_id` the id of the event that was being reacted to, if any.
    """

    id: UUID
    type: str
    version: int
    subject: str
    correlation_id: UUID
    causation_id: UUID | None
    traceparent: str
    occurred_at: datetime
    data: dict[str, Any]

    @classmethod
    def around(cls, event: "Event") -> Self:
        """Return a new envelope for an event emitted now, caused by what is running."""
        cause = current_cause()
        occurred_at = clock.now()
        id = new_id(occurred_at)
        correlation_id = cause.correlation_id if cause else id
        return cls(
            id=id,
            type=event.type,
            version=event.version,
            subject=event.subject,
            correlation_id=correlation_id,
            causation_id=cause.id if cause else None,
            traceparent=traceparent(correlation_id, id),
            occurred_at=occurred_at,
            data=event.to_data(),
        )

    def event(self) -> "Event":
        """Return the event inside, in today's form.

        Raises `UnknownEventType`, `NewerVersion` or `InvalidEvent`.
        """
        event_class = registry.event_class(self.type, self.version)
        data = self.data
        if self.version != event_class.version:
            data = upcast(event_class, self.version, data)
        return event_class.from_data(data).stamp(self.id, self.occurred_at)

    @cached_property
    def text(self) -> str:
        """Return the data as JSON, the same for the same data."""
        return as_text(self.data)

    def to_wire(self) -> dict[str, Any]:
        """Return the envelope as a CloudEvent, in plain JSON values; what is empty is absent."""
        attributes = {
            "specversion": "1.0",
            "id": str(self.id),
            "source": f"/{self.type.partition('.')[0]}",
            "type": self.type,
            "subject": self.subject,
            "time": self.occurred_at.isoformat(),
            "datacontenttype": "application/json",
            "eventversion": self.version,
            "correlationid": str(self.correlation_id),
            "causationid": str(self.causation_id or ""),
            "traceparent": self.traceparent,
            "data": self.data,
        }
        return {name: value for name, value in attributes.items() if value != ""}

    @classmethod
    def from_wire(cls, wire: Any) -> Self:
        """Read a CloudEvent. Raises `InvalidEvent` naming what is missing or wrong."""
        try:
            if wire["specversion"] != "1.0" or not isinstance(wire["data"], dict):
                raise ValueError("not a CloudEvents 1.0 envelope with an object as data")
            return cls(
                id=UUID(wire["id"]),
                type=str(wire["type"]),
                version=int(wire["eventversion"]),
                subject=str(wire.get("subject", "")),
                correlation_id=UUID(wire["correlationid"]),
                causation_id=UUID(wire["causationid"]) if "causationid" in wire else None,
                traceparent=str(wire["traceparent"]),
                occurred_at=datetime.fromisoformat(wire["time"]),
                data=wire["data"],
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise InvalidEvent(f"envelope: {error!r}") from error


def traceparent(correlation_id: UUID, id: UUID) -> str:
    """Return the W3C trace context: one trace for a whole story, one span for each event."""
    return f"00-{correlation_id.hex}-{id.hex[16:]}-01"
