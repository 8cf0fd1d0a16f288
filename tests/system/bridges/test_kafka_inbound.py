"""Foreign events on topics of Kafka, written there by a client of its makers."""

import json
import time
from uuid import uuid4

import pytest
from django.db import OperationalError

from devtools.waiting import wait_until
from eventbus.bridges.kafka.consumer import ERRORS, TopicSource
from eventbus.inbound import process
from eventbus.inbound.models import RejectedEvent
from eventbus.inbound.process import InboundLoop
from eventbus.testing import emitted
from tests.system.bridges.kafka import READ_WITHIN, Kafka
from tests.unit.inbound.events import StockCounted

pytestmark = pytest.mark.django_db(transaction=True)

DATA = {"sku": "TEA", "units": 5}


@pytest.fixture(autouse=True)
def _at_kafka(settings, kafka: Kafka):
    settings.EVENTBUS_KAFKA = kafka.options


@pytest.fixture
def topic(kafka: Kafka) -> str:
    """A topic of this test's own."""
    return f"warehouse-{uuid4()}"


def counted(**attributes: str) -> dict[str, str]:
    """The attributes of a CloudEvent of the warehouse."""
    stated = {"specversion": "1.0", "source": "//warehouse", "type": "acme.stock.counted"}
    return {"id": str(uuid4()), **stated, **attributes}


def binary(attributes: dict[str, str]) -> dict[str, str]:
    headers = {f"ce_{name}": value for name, value in attributes.items()}
    return {**headers, "content-type": "application/json"}


def take_in(topic: str, is_enough) -> None:
    """Run the process that takes topics in, in this thread, until it has done enough."""
    give_up = time.monotonic() + READ_WITHIN

    def look() -> None:
        assert time.monotonic() < give_up
        if is_enough():
            loop.stop()

    loop = InboundLoop(look, lambda: TopicSource([topic]), ERRORS)
    loop.run()


def test_an_event_in_either_mode_is_taken_in_once_however_often_it_comes(kafka: Kafka, topic: str):
    first, second = counted(), counted()
    whole = json.dumps({**second, "data": DATA})
    for _ in range(2):
        kafka.write(topic, json.dumps(DATA), binary(first))
        kafka.write(topic, whole, {"content-type": "application/cloudevents+json; charset=UTF-8"})
    end = counted()
    kafka.write(topic, json.dumps(DATA | {"sku": "END"}), binary(end))
    take_in(topic, lambda: len(emitted(StockCounted)) == 3)
    assert sorted(event.sku for event in emitted(StockCounted)) == ["END", "TEA", "TEA"]


def test_what_is_not_accepted_is_kept_and_stops_nothing_behind_it(kafka: Kafka, topic: str):
    kafka.write(topic, "no JSON", {})
    kafka.write(topic, json.dumps(DATA), {})
    kafka.write(topic, "no JSON", binary(counted()))
    kafka.write(topic, json.dumps(DATA), binary(counted(type="orders.OrderPlaced")))
    kafka.write(topic, json.dumps(DATA), binary(counted()))
    take_in(topic, lambda: emitted(StockCounted) and RejectedEvent.objects.count() == 3)
    assert {row.via for row in RejectedEvent.objects.all()} == {f"kafka:{topic}"}
    reasons = " ".join(row.reason for row in RejectedEvent.objects.all())
    assert "no event is declared foreign with the type orders.OrderPlaced" in reasons


def test_what_was_not_acknowledged_comes_again_and_what_was_does_not(kafka: Kafka, topic: str):
    for _ in range(2):
        kafka.write(topic, json.dumps(DATA), binary(counted()), key="TEA")
    with_both = TopicSource([topic])
    first, second = taken(with_both, 2)
    first.acknowledge()
    with_both.close()
    with_one = TopicSource([topic])
    (again,) = taken(with_one, 1)
    with_one.close()
    assert again.content == second.content != first.content


def test_while_the_database_is_away_nothing_is_acknowledged(
    kafka: Kafka, topic: str, monkeypatch: pytest.MonkeyPatch
):
    kafka.write(topic, json.dumps(DATA), binary(counted()))
    receive, tries = process.receive, []

    def fail_twice(content: bytes, *, via: str) -> bool:
        tries.append(via)
        if len(tries) < 3:
            raise OperationalError("the database is away")
        return receive(content, via=via)

    monkeypatch.setattr(process, "receive", fail_twice)
    monkeypatch.setattr(process, "PAUSE", 0.1)
    take_in(topic, lambda: emitted(StockCounted))
    assert tries == [f"kafka:{topic}"] * 3


def taken(source: TopicSource, count: int) -> list:
    messages: list = []

    def take() -> bool:
        messages.extend(source.wait(0.1))
        return len(messages) >= count

    wait_until(take, READ_WITHIN, f"{count} messages")
    return messages
