"""What a worker finds in its queue that it cannot run neither stops it nor is lost."""

import uuid
from datetime import UTC, datetime

import psycopg
import pytest
from kombu import Connection

from devtools.chaos.faults.messages import GARBAGE, publish_garbage
from devtools.embedded import broker_url, database_url
from eventbus.envelope import Envelope
from eventbus.messaging import broker, signing
from tests.system.processes.conftest import Replay, count, first_invoices, rows, wait_for

REFUSED = "eventbus_operations_rejectedmessage"


@pytest.fixture
def producer(system):
    url = broker_url(system.state).replace("redis+", "redisbus+")
    with Connection(url, transport_options=broker.transport_options()) as connection:
        yield connection.Producer(serializer="json", auto_declare=False)


def of_tomorrow(system) -> Envelope:
    """An event that newer code emitted and published."""
    envelope = Envelope(
        id=uuid.uuid4(),
        type="orders.FromTomorrow",
        version=1,
        subject="1",
        correlation_id=uuid.uuid4(),
        causation_id=None,
        traceparent=f"00-{uuid.uuid4().hex}-{'1' * 16}-01",
        occurred_at=datetime.now(UTC),
        data={"order_id": "1"},
    )
    with psycopg.connect(database_url(system.state)) as connection:
        connection.execute(
            """
            insert into eventbus_outboxevent (id, type, version, subject, correlation_id,
            traceparent,
                data, occurred_at, publish_after, published_at)
            values (%s, %s, 1, '1', %s, '', '{}', now(), now(), now())
            """,
            [envelope.id, envelope.type, envelope.correlation_id],
        )
    return envelope


def test_event_type_from_newer_code_comes_again_and_is_listed_with_its_reason(system, producer):
    envelope = of_tomorrow(system)
    message = broker.task_message(envelope)
    properties = {**message.properties, "headers": message.headers}
    producer.publish(message.body, exchange="", routing_key="billing", **properties)
    put_off = f"select count(*) from eventbus_delivery where event_id = '{envelope.id}'"
    wait_for(system, f"{put_off} and state = 'failed'", 1, "the event is put off")
    ((app, error),) = rows(system, f"{put_off.replace('count(*)', 'app, error')}")
    assert app == "billing"
    assert "unknown event type orders.FromTomorrow" in error
    system.manage("failed", "discard", "--app", "billing", "--all", "--reason", "a test")


def test_garbage_in_the_queue_stops_nothing(system, producer, tmp_path):
    worker = system.pid("billing")
    for task in ("", "orders.OrderPlaced"):
        publish_garbage(producer, "billing", task)
    refused = f"select coalesce(sum(count), 0) from {REFUSED} where app = 'billing'"
    wait_for(system, refused, 2 * len(GARBAGE), "all of it is refused")
    result = Replay(system, first_invoices(tmp_path / "day.csv", 3)).result()
    assert (result["open"], result["failed_reactions"]) == (0, 0)
    assert system.pid("billing") == worker


def test_what_nobody_has_signed_is_not_run_and_is_seen(system, producer):
    """Somebody who can write to the broker takes a real event and says it was another's."""
    message = broker.task_message(of_tomorrow(system))
    headers = {**message.headers, signing.HEADER: signing.signature({"another": "envelope"})}
    producer.publish(
        message.body, exchange="", routing_key="billing", headers=headers, **message.properties
    )
    seen = f"select count from {REFUSED} where reason like 'it is signed by no key%'"
    wait_for(system, f"select count(*) from ({seen}) s", 1, "it is refused")
    assert not count(
        system, f"select count(*) from eventbus_delivery where event_id = '{message.headers['id']}'"
    )
