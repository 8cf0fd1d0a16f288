"""The reaction of the EventBridge bridge."""

from uuid import UUID

from eventbus import Event, ExternalCalls, call_together, reacts_to
from eventbus.bridges.eventbridge.requests import put, requests
from eventbus.bridges.outgoing import cloud_events
from eventbus.conf import conf
from eventbus.registry import Call


@reacts_to(Event, many=True)
def put_on_eventbridge(events: list[Event]) -> ExternalCalls:
    """Put every event on the bus of EventBridge."""
    calls: dict[UUID, Call] = {}
    for request in requests(cloud_events(events, conf.EVENTBRIDGE_PERSONAL)):
        calls |= call_together(put, request)
    yield calls
