"""A history to look at: rows as the bus would have written them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from eventbus.delivery.models import Delivery, OutboxEvent
from tests.unit.eventbus.ids import event_id

BEGAN = datetime(2024, 5, 4, 9, 0, tzinfo=UTC)


def add_event(
    type: str,
    subject: object,
    *,
    cause: OutboxEvent | None = None,
    by: str = "",
    after_ms: int = 0,
    due: timedelta | None = None,
    published: bool = True,
    **data: Any,
) -> OutboxEvent:
    """An event emitted so long after the beginning, to be published `due` later."""
    occurred_at = BEGAN + timedelta(milliseconds=after_ms)
    id = event_id(occurred_at)
    return OutboxEvent.objects.create(
        id=id,
        type=type,
        version=1,
        subject=str(subject),
        correlation_id=cause.correlation_id if cause else id,
        causation_id=cause.id if cause else None,
        emitted_by=by,
        data=data,
        occurred_at=occurred_at,
        publish_after=occurred_at + (due or timedelta()),
        published_at=occurred_at if published else None,
    )


def placed(order_id: UUID, number: str, **when: Any) -> OutboxEvent:
    """The event a story of an order begins with."""
    return add_event("orders.OrderPlaced", order_id, number=number, **when)


def reacted(event: OutboxEvent, reaction: str, state: str = "done", **facts: Any) -> Delivery:
    """A delivery of the event to `app.reaction`."""
    app, _, name = reaction.partition(".")
    return Delivery.objects.create(event=event, app=app, reaction=name, state=state, **facts)
