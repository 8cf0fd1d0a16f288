"""What a test emits, and what was emitted."""

from collections.abc import Container
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TypeVar, cast

from eventbus.context import declaring
from eventbus.delivery.models import OutboxEvent
from eventbus.emit import emit as emit_declared
from eventbus.event import Event

AnyEvent = TypeVar("AnyEvent", bound=Event)


class _Everything(Container[type[Event]]):
    def __contains__(self, event_class: object) -> bool:
        return not getattr(event_class, "abstract", True)


def free_to_emit() -> AbstractContextManager[None]:
    """Allow a test to emit, within, what no reaction or service declared."""
    return declaring(_Everything())


def emit(event: Event, *, publish_after: datetime | None = None) -> None:
    """Emit as whoever may: a test has no declaration."""
    with free_to_emit():
        emit_declared(event, publish_after=publish_after)


def emitted(event_class: type[AnyEvent], **fields: object) -> list[AnyEvent]:
    """Return every event of this class emitted so far, with these field values, oldest first."""
    rows = OutboxEvent.objects.filter(type=event_class.type).order_by("id")
    events = [cast("AnyEvent", row.envelope.event()) for row in rows]
    return [e for e in events if all(getattr(e, k) == v for k, v in fields.items())]
