"""Publishing to Kafka: a batch of events, each done once the broker has it for good."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from confluent_kafka import KafkaError, KafkaException, Producer

from eventbus.bridges.clients import PerProcess
from eventbus.bridges.outgoing import CloudEvent, NotTaken, call_timeout
from eventbus.conf import conf
from eventbus.exceptions import EventTooLarge

log = logging.getLogger("eventbus.bridges.kafka")

#: What came of each event: nothing, or why it is not there.
Reports = dict[UUID, Exception | None]


def publish(events: Mapping[UUID, CloudEvent]) -> Reports:
    """Publish events and wait until the broker has said of each whether it has it.

    Those of one subject keep their order: the subject is the key.
    """
    producer = _producer()
    reports: Reports = {}
    for event in events.values():
        _publish(producer, event, reports)
    producer.flush(call_timeout())
    if _is_over(reports) or reports.keys() < events.keys():
        _producer.drop()
    return reports


def headers(event: CloudEvent) -> dict[str, str]:
    """Return a message's headers in the binary mode of CloudEvents.

    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
    """
    attributes = dict(event.attributes)
    content_type = attributes.pop("datacontenttype")
    return {"content-type": content_type} | {f"ce_{n}": value for n, value in attributes.items()}


def _publish(producer: Producer, event: CloudEvent, reports: Reports) -> None:
    try:
        producer.produce(
            event.channel,
            key=event.subject,
            value=event.data_text,
            headers=list(headers(event).items()),
            on_delivery=partial(_report, reports, event.id),
        )
    except KafkaException as error:
        _report(reports, event.id, error.args[0])
    except BufferError:
        reports[event.id] = NotTaken("too much is on its way to Kafka")


def _report(reports: Reports, id: UUID, error: KafkaError | None, _message: Any = None) -> None:
    if error is None:
        reports[id] = None
    elif error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
        reports[id] = EventTooLarge(f"Kafka takes no message of its size: {error.str()}")
    else:
        reports[id] = Refused(error)


class Refused(NotTaken):
    """Kafka did not confirm an event: the message says why."""

    def __init__(self, error: KafkaError) -> None:
        super().__init__(f"{error.name()}: {error.str()}")
        #: whether the producer is of no use any more
        self.is_fatal = error.fatal()


def _is_over(reports: Reports) -> bool:
    return any(isinstance(report, Refused) and report.is_fatal for report in reports.values())


def _new_producer() -> Producer:
    milliseconds = round(call_timeout() * 1000)
    return Producer(
        {
            **conf.KAFKA,
            # Each event once per producer, in the order of its partition; on all replicas in sync.
            "enable.idempotence": True,
            "acks": "all",
            # What was not confirmed by then is not sent later.
            "delivery.timeout.ms": round(0.8 * milliseconds),
            "socket.timeout.ms": round(0.4 * milliseconds),
        },
        logger=log,
    )


_producer = PerProcess(_new_producer)
