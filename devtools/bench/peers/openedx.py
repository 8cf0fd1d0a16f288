"""openedx-events on its Redis event bus: a consumer group for each app, named consumers."""

from typing import Any

import attr
import django

from devtools.bench.peers import job
from devtools.bench.peers.django_settings import configure

TOPIC = "events"
TYPE = "org.openedx.peers.job.counted.v1"


@attr.s(frozen=True)
class CountedData:
    """An event of the job."""

    number = attr.ib(type=int)


def _signal() -> Any:
    """Set Django up and return the event's signal, which is sent to the bus too."""
    configure(
        INSTALLED_APPS=["openedx_events"],
        EVENT_BUS_PRODUCER="edx_event_bus_redis.create_producer",
        EVENT_BUS_CONSUMER="edx_event_bus_redis.RedisEventConsumer",
        EVENT_BUS_REDIS_CONNECTION_URL=job.BROKER,
        EVENT_BUS_PRODUCER_CONFIG={
            TYPE: {TOPIC: {"event_key_field": "counted.number", "enabled": True}}
        },
    )
    from openedx_events.tooling import OpenEdxPublicSignal

    signal = OpenEdxPublicSignal(event_type=TYPE, data={"counted": CountedData})
    django.setup()
    return signal


def setup() -> None:
    """Make the consumer groups: who joins later gets only what comes later."""
    _signal()
    for name in job.APPS:
        _consumer(name)


def _consumer(name: str) -> Any:
    from openedx_events.event_bus import make_single_consumer

    # Without its backlog it would leave out what was sent while it was away.
    return make_single_consumer(
        topic=TOPIC, group_id=name, consumer_name=f"{name}-1", check_backlog=True
    )


def consume(name: str) -> None:
    """Have the app's receiver called for each event, what was left of before first."""
    signal = _signal()
    execute = job.connect().execute

    def react(counted: CountedData, **_: Any) -> None:
        job.react(execute, name, counted.number)

    signal.connect(react, weak=False)
    _consumer(name).consume_indefinitely()


def emit(numbers: range) -> None:
    """Write each event down, and send it then."""
    signal = _signal()
    for number in job.committed(job.connect(), numbers):
        signal.send_event(counted=CountedData(number=number))


if __name__ == "__main__":
    job.run(setup, consume, emit)
