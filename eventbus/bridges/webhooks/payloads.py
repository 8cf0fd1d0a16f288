"""What is sent: an event as JSON, as far as the subscription may see it."""

import json

from eventbus.bridges.webhooks.hooks import hooks
from eventbus.bridges.webhooks.models import Subscription
from eventbus.delivery.models import OutboxEvent
from eventbus.personal import masked


def body_of(row: OutboxEvent, subscription: Subscription) -> bytes:
    """Return an event's JSON for a receiver, in UTF-8.

    Raises `BusError` for an event that this code cannot read.
    """
    event = row.envelope.event()
    data = event.to_data()
    if not subscription.sees_personal:
        data = masked(type(event), data)
    whole = {
        "type": event.type,
        "timestamp": event.occurred_at.isoformat(),
        "version": event.version,
        "subject": event.subject,
        "data": hooks.audience.trimmed(event.type, data),
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
