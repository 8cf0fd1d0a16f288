"""What a bridge sends: an event as a CloudEvent, with nothing personal unless that is allowed."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from eventbus import Event, masked
from eventbus.canonical import as_text
from eventbus.conf import conf
from eventbus.context import envelope_of
from eventbus.exceptions import BusError
from eventbus.registry import app_label

#: Seconds that one call of a bridge may take at most.
CALL_TIMEOUT = 10.0


class NotTaken(BusError):
    """A foreign system did not take an event, or did not say so in time: it is sent again."""


@dataclass(frozen=True)
class CloudEvent:
    """An event for a foreign system. `attributes` are those of CloudEvents, as texts.

    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#context-attributes
    """

    id: UUID
    type: str
    subject: str
    attributes: Mapping[str, str]
    data: Mapping[str, Any]

    @property
    def channel(self) -> str:
        """Return where it belongs: the name of the bus and the app that emitted it."""
        return f"{conf.NAME}.{app_label(self.type)}"

    @cached_property
    def data_text(self) -> str:
        """Return its data as JSON."""
        return as_text(self.data)

    @cached_property
    def text(self) -> str:
        """Return all of it in the JSON format of CloudEvents."""
        return as_text({**self.attributes, "data": self.data})


def cloud_events(events: Iterable[Event], personal: Container[str]) -> dict[UUID, CloudEvent]:
    """Return events that the running reaction was given as CloudEvents, by their ids.

    In all but the types in `personal` everything `Personal` is blank. What a foreign system has
    stated is not among them: it would go in a circle.
    """
    return {
        event.id: _cloud_event(event, event.type in personal)
        for event in events
        if not event.foreign_source
    }


def _cloud_event(event: Event, shows_persons: bool) -> CloudEvent:
    data = event.to_data() if shows_persons else masked(type(event), event.to_data())
    # In today's form, whatever it had when it was emitted.
    envelope = replace(envelope_of(event), version=event.version, data=data)
    attributes = {name: str(value) for name, value in envelope.to_wire().items() if value}
    del attributes["data"]
    return CloudEvent(event.id, event.type, event.subject, attributes, data)


def call_timeout() -> float:
    """Return the seconds that one call may take: well below the lease of who makes it."""
    return min(CALL_TIMEOUT, conf.LEASE.total_seconds() / 3)
