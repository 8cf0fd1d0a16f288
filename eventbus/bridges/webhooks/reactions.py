"""The reactions of webhooks: events are noted for subscribers, and what is due is sent."""

from functools import partial

from eventbus import Event, ExternalCalls, reacts_to
from eventbus.bridges.webhooks import noting, turns
from eventbus.bridges.webhooks.events import SendingDue, SubscriptionDisabled
from eventbus.bridges.webhooks.offers import offered_events


# Subscribers asked for what happens, not for what had happened.
@reacts_to(*offered_events(), emits=[SendingDue], many=True, backfill="mute")
def note_for_subscribers(events: list[Event]) -> None:
    noting.note(events)


@reacts_to(SendingDue, emits=[SendingDue, SubscriptionDisabled])
def send_what_is_due(event: SendingDue) -> ExternalCalls:
    requests = turns.begin(event)
    outcomes = (yield partial(turns.make, requests)) if requests else []
    turns.end(event, outcomes)
