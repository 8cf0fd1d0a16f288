"""The reaction of the Kafka bridge."""

from eventbus import Event, ExternalCalls, call_together, reacts_to
from eventbus.bridges.kafka.producer import publish
from eventbus.bridges.outgoing import cloud_events
from eventbus.conf import conf


@reacts_to(Event, many=True)
def publish_to_kafka(events: list[Event]) -> ExternalCalls:
    """Publish every event on the topic of the app that emitted it."""
    yield call_together(publish, cloud_events(events, conf.KAFKA_PERSONAL))
