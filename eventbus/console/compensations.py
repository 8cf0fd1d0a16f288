"""What was taken back: compensation, read from history by what each event says undoes it."""

from collections.abc import Sequence
from uuid import UUID

from eventbus import registry
from eventbus.delivery.models import OutboxEvent


def compensations(rows: Sequence[OutboxEvent]) -> dict[UUID, OutboxEvent]:
    """Map the id of each compensated event to the event that compensates it; rows in order."""
    found: dict[UUID, OutboxEvent] = {}
    for place, row in enumerate(rows):
        name = _compensating_type(row.type)
        later = (each for each in rows[place:] if (each.type, each.subject) == (name, row.subject))
        if (by := next(later, None)) is not None:
            found[row.id] = by
    return found


def _compensating_type(type: str) -> str:
    known = type in registry.event_types()
    return registry.event_class(type).compensated_by if known else ""
