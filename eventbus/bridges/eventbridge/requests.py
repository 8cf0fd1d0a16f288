"""Requests to EventBridge: as many events in one as it takes.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from boto3.session import Session
from botocore.config import Config

from eventbus.bridges.clients import PerProcess
from eventbus.bridges.outgoing import CloudEvent, NotTaken, call_timeout
from eventbus.conf import conf
from eventbus.exceptions import EventTooLarge

#: Entries of one request, and bytes of all of them.
MAX_ENTRIES = 10
MAX_BYTES = 256 * 1024
#: Bytes that the time of an entry counts for, see
#: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
TIME_BYTES = 14

Events = Mapping[UUID, CloudEvent]


def requests(events: Events) -> Iterator[dict[UUID, CloudEvent]]:
    """Yield the events by requests that EventBridge takes; one too large is alone in its own."""
    request: dict[UUID, CloudEvent] = {}
    total = 0
    for id, event in events.items():
        size = size_of(event)
        if request and (len(request) == MAX_ENTRIES or total + size > MAX_BYTES):
            yield request
            request, total = {}, 0
        request[id] = event
        total += size
    if request:
        yield request


def put(events: Events) -> dict[UUID, Exception | None]:
    """Put the events of one request on the bus; returns what came of each.

    Raises `EventTooLarge`, and the errors of boto3.
    """
    if (size := sum(map(size_of, events.values()))) > MAX_BYTES:
        raise EventTooLarge(f"EventBridge takes {MAX_BYTES:,} bytes, and this has {size:,}")
    answer = _client().put_events(Entries=[_entry(event) for event in events.values()])
    return dict(zip(events, map(_refusal, answer["Entries"]), strict=True))


def size_of(event: CloudEvent) -> int:
    """Return for how many bytes of a request an event counts."""
    texts = (event.channel, event.type, event.text)
    return TIME_BYTES + sum(len(text.encode()) for text in texts)


def _entry(event: CloudEvent) -> dict[str, Any]:
    return {
        "EventBusName": conf.EVENTBRIDGE_BUS,
        "Source": event.channel,
        "DetailType": event.type,
        "Time": event.attributes["time"],
        "Detail": event.text,
    }


def _refusal(result: Mapping[str, str]) -> Exception | None:
    if "ErrorCode" not in result:
        return None
    return NotTaken(f"{result['ErrorCode']}: {result.get('ErrorMessage', '')}")


def _new_client() -> Any:
    seconds = call_timeout()
    return Session().client(
        "events",
        endpoint_url=conf.EVENTBRIDGE_ENDPOINT or None,
        config=Config(
            connect_timeout=0.3 * seconds,
            read_timeout=0.7 * seconds,
            # The bus tries again, and only what was refused.
            retries={"total_max_attempts": 1},
        ),
    )


_client = PerProcess(_new_client)
