"""Events on Kafka, read there by a client of its makers."""

import json
from uuid import uuid4

import pytest

from devtools.system import free_ports
from eventbus.bridges.kafka import producer
from eventbus.delivery.models import OutboxEvent
from eventbus.testing import given, given_together
from tests.bridges import states, switched_on, try_again
from tests.system.bridges.kafka import Kafka, headers_of, running_kafka
from tests.unit.eventbus.events import Called, Caller, Priced, Rang
from tests.unit.inbound.events import StockCounted

pytestmark = pytest.mark.django_db

TOPIC = "shop.tests"


@pytest.fixture(autouse=True)
def _bridge(settings, kafka: Kafka):
    settings.EVENTBUS_KAFKA = kafka.options
    with switched_on("kafka"):
        yield
    producer._producer.drop()


def called(**fields) -> Called:
    by = Caller(name="Ada", street="1 Row", country="GB")
    said = {"email": "ada@example.org", "note": "ring twice", "said": ("hello",), **fields}
    return Called(bell=uuid4(), by=by, with_them=(by,), **said)


def test_an_event_is_on_the_topic_of_its_app_as_a_cloudevent_in_binary_mode(kafka: Kafka):
    event = Priced(thing="tea", price="3.50")
    given(event, to="kafka")
    [message], row = kafka.read(TOPIC, event), OutboxEvent.objects.get()
    assert message.key() == b"tea"
    assert json.loads(message.value()) == {"thing": "tea", "price": "3.50", "note": ""}
    assert headers_of(message) == {
        "content-type": "application/json",
        "ce_specversion": "1.0",
        "ce_id": str(event.id),
        "ce_source": "/tests",
        "ce_type": "tests.Priced",
        "ce_subject": "tea",
        "ce_time": event.occurred_at.isoformat(),
        "ce_eventversion": "2",
        "ce_correlationid": str(row.correlation_id),
        "ce_traceparent": row.traceparent,
    }


def test_events_of_one_subject_are_in_one_partition_in_their_order(kafka: Kafka):
    thing = str(uuid4())
    events = [Priced(thing=thing, price=price) for price in range(40)]
    given_together(*events, to="kafka")
    ours = kafka.read(TOPIC, *events)
    assert len({message.partition() for message in ours}) == 1
    assert [json.loads(m.value())["price"] for m in ours] == [str(n) for n in range(40)]


def test_what_is_personal_is_blank(kafka: Kafka):
    event = called()
    given(event, to="kafka")
    data = json.loads(kafka.read(TOPIC, event)[0].value())
    nobody = {"name": "", "street": "", "country": "GB"}
    assert data == {
        "bell": str(event.bell),
        "email": "",
        "note": "",
        "said": [],
        "by": nobody,
        "with_them": [nobody],
    }


def test_what_is_personal_goes_out_where_its_type_is_allowed(kafka: Kafka, settings):
    settings.EVENTBUS_KAFKA_PERSONAL = {"tests.Called"}
    event = called()
    given(event, to="kafka")
    assert json.loads(kafka.read(TOPIC, event)[0].value()) == event.to_data()


def test_an_event_that_kafka_does_not_take_fails_alone(settings):
    settings.EVENTBUS_KAFKA_PERSONAL = {"tests.Called"}
    events = [Rang(bell=uuid4()), called(note="x" * 1_000_000), Rang(bell=uuid4())]
    with pytest.raises(AssertionError, match="its size"):
        given_together(*events, to="kafka")
    assert states("kafka", *events) == ["done", "parked", "done"]


def test_while_kafka_is_away_events_fail_in_time_and_go_out_when_it_is_back(settings):
    (port,) = free_ports(1)
    settings.EVENTBUS_KAFKA = {"bootstrap.servers": f"127.0.0.1:{port}"}
    event = Rang(bell=uuid4())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eventbus.bridges.outgoing.CALL_TIMEOUT", 1.0)
        with pytest.raises(AssertionError, match=r"_MSG_TIMED_OUT|Unanswered"):
            given(event, to="kafka")
    assert states("kafka", event) == ["failed"]
    with running_kafka(port) as broker:
        producer._producer.drop()
        try_again("kafka", event)
        assert broker.read(TOPIC, event)


def test_what_a_foreign_system_has_stated_goes_out_by_no_bridge(settings):
    settings.EVENTBUS_KAFKA = {"bootstrap.servers": "127.0.0.1:1"}
    event = StockCounted(sku="TEA", units=5)
    given(event, to="kafka")
    assert states("kafka", event) == ["done"]
