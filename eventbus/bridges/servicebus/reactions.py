"""The reaction of the Service Bus bridge."""

from functools import partial

from eventbus import Event, ExternalCalls, reacts_to
from eventbus.bridges.outgoing import cloud_events
from eventbus.bridges.servicebus.sender import send
from eventbus.conf import conf


@reacts_to(Event, many=True)
def send_to_service_bus(events: list[Event]) -> ExternalCalls:
    """Send every event to the topic of Service Bus, one by one: each is taken or not for itself."""
    outgoing = cloud_events(events, conf.SERVICEBUS_PERSONAL)
    yield {id: partial(send, event) for id, event in outgoing.items()}
