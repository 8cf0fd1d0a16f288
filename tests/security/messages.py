"""Messages as they come from the broker, and as somebody could make them up."""

import json
from typing import Any

from django.db import transaction
from kombu.message import Message

from eventbus import Event
from eventbus.delivery.models import OutboxEvent
from eventbus.messaging import broker
from eventbus.testing import emit


def outbox_row(event: Event) -> OutboxEvent:
    """The row of an event that is emitted now."""
    with transaction.atomic():
        emit(event)
    return OutboxEvent.objects.get(id=event.id)


def sent(row: OutboxEvent) -> Message:
    """Return what a worker gets of it."""
    made = broker.task_message(row.envelope)
    return arrived(json.dumps(made.body), **made.headers)


def arrived(body: Any, content_type: str | None = "application/json", **headers: Any) -> Message:
    """Something in the queue."""
    return Message(
        body=body,
        content_type=content_type,
        content_encoding="utf-8",
        headers=headers,
        accept={"application/json"},
    )


def changed(message: Message, wire: dict[str, Any]) -> Message:
    """The message with other words in its envelope, and the signature it had."""
    (old,), kwargs, embed = json.loads(message.body)
    return arrived(json.dumps([[old | wire], kwargs, embed]), **message.headers)
