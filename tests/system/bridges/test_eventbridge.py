"""Events on EventBridge, read from a queue of SQS that a rule feeds. Both are moto's server."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from eventbus.bridges.eventbridge import requests
from eventbus.testing import given, given_together
from tests.bridges import states, switched_on, try_again
from tests.unit.eventbus.events import Called, Caller, Priced, Rang

pytestmark = pytest.mark.django_db

RULE = {"source": [{"prefix": "shop."}], "detail-type": [{"anything-but": "tests.Rang"}]}


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """The address of all of AWS that these tests need; whose credentials are anybody's."""
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
            patch.setenv(name, "eu-central-1")
        yield f"http://{host}:{port}"
    server.stop()


class Queue:
    """A queue of SQS, to which a rule sends what is put on a bus of its own."""

    def __init__(self, address: str) -> None:
        self.bus = f"bus-{uuid4()}"
        self._sqs, events = (boto3.client(name, endpoint_url=address) for name in ("sqs", "events"))
        self._url = self._sqs.create_queue(QueueName=self.bus)["QueueUrl"]
        asked = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
        target = {"Id": "queue", "Arn": asked["Attributes"]["QueueArn"]}
        events.create_event_bus(Name=self.bus)
        events.put_rule(Name="all", EventBusName=self.bus, EventPattern=json.dumps(RULE))
        events.put_targets(Rule="all", EventBusName=self.bus, Targets=[target])

    def read(self) -> list[dict[str, Any]]:
        """Take out all that is in it."""
        read = []
        while got := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            read += [json.loads(message["Body"]) for message in got]
        return read


@pytest.fixture
def queue(aws: str, settings) -> Iterator[Queue]:
    queue = Queue(aws)
    settings.EVENTBUS_EVENTBRIDGE_BUS = queue.bus
    settings.EVENTBUS_EVENTBRIDGE_ENDPOINT = aws
    with switched_on("eventbridge"):
        yield queue
    requests._client.drop()


@pytest.fixture
def asked(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many entries each request had."""
    counts = []
    put_events = requests._client().put_events

    def put(Entries: list) -> Any:
        counts.append(len(Entries))
        return put_events(Entries=Entries)

    monkeypatch.setattr(requests._client(), "put_events", put)
    return counts


def test_an_event_matches_rules_by_its_app_and_type_and_has_a_cloudevent_as_detail(queue: Queue):
    event = Priced(thing="tea", price="3.50")
    given(event, Rang(bell=uuid4()), to="eventbridge")
    [message] = queue.read()
    assert (message["source"], message["detail-type"]) == ("shop.tests", "tests.Priced")
    assert datetime.fromisoformat(message["time"]) == event.occurred_at.replace(microsecond=0)
    detail = message["detail"]
    assert (detail["id"], detail["subject"]) == (str(event.id), "tea")
    assert (detail["specversion"], detail["source"], detail["type"]) == (
        *("1.0", "/tests"),
        "tests.Priced",
    )
    assert detail["data"] == {"thing": "tea", "price": "3.50", "note": ""}


def test_a_batch_goes_out_in_requests_of_ten(queue: Queue, asked: list[int]):
    events = [Priced(thing=str(n), price=n) for n in range(23)]
    given_together(*events, to="eventbridge")
    assert asked == [10, 10, 3]
    assert {message["detail"]["id"] for message in queue.read()} == {str(e.id) for e in events}


def test_large_events_go_out_in_more_requests(queue: Queue, asked: list[int]):
    events = [Priced(thing=str(n), price=n, note="x" * 100_000) for n in range(5)]
    given_together(*events, to="eventbridge")
    assert asked == [2, 2, 1]


def test_one_that_is_too_large_is_parked_and_the_others_go_out(queue: Queue, asked: list[int]):
    events = [Priced(thing=str(n), price=n, note="x" * size) for n, size in enumerate((1, 300_000))]
    with pytest.raises(AssertionError, match="EventBridge takes 262,144 bytes"):
        given_together(*events, to="eventbridge")
    assert states("eventbridge", *events) == ["done", "parked"]
    assert asked == [1]


def test_an_entry_that_is_refused_is_sent_again_and_no_other(queue: Queue, monkeypatch):
    events = [Priced(thing=str(n), price=n) for n in range(3)]
    entry_of = requests._entry

    def spoilt(event):
        return entry_of(event) | ({"Detail": "{"} if event.subject == "1" else {})

    with monkeypatch.context() as patch:
        patch.setattr(requests, "_entry", spoilt)
        with pytest.raises(AssertionError, match="MalformedDetail: Detail is malformed"):
            given_together(*events, to="eventbridge")
    assert states("eventbridge", *events) == ["done", "failed", "done"]
    try_again("eventbridge", *events)
    assert sorted(m["detail"]["subject"] for m in queue.read()) == ["0", "1", "2"]


def test_what_is_personal_is_blank_unless_its_type_is_allowed(queue: Queue, settings):
    nobody = Caller(name="Ada", country="GB")
    told = {"email": "ada@example.org", "note": None, "by": nobody, "with_them": (), "said": ()}
    given(Called(bell=uuid4(), **told), to="eventbridge")
    settings.EVENTBUS_EVENTBRIDGE_PERSONAL = {"tests.Called"}
    given(Called(bell=uuid4(), **told), to="eventbridge")
    emails = [message["detail"]["data"]["email"] for message in queue.read()]
    assert emails == ["", "ada@example.org"]


def test_a_bus_that_is_not_there_is_named(queue: Queue, settings):
    settings.EVENTBUS_EVENTBRIDGE_BUS = "elsewhere"
    event = Rang(bell=uuid4())
    with pytest.raises(AssertionError, match="elsewhere does not exist"):
        given(event, to="eventbridge")
    assert states("eventbridge", event) == ["failed"]
