"""The inbound process, with a source of the tests' own."""

import json
from collections import deque
from uuid import uuid4

import pytest
from django.db import OperationalError

from eventbus.inbound import process
from eventbus.inbound.models import InboundEvent, RejectedEvent
from eventbus.inbound.process import InboundLoop
from eventbus.inbound.sources import Message

pytestmark = pytest.mark.django_db


class FakeSource:
    """Gives its messages once per connection, until each is acknowledged; then has the loop end."""

    def __init__(self, *contents, breaks=()):
        self.waiting = deque(contents)
        self.breaks = list(breaks)
        self.acknowledged, self.stayed, self.connected, self.closed = [], 0, 0, 0

    def connect(self):
        self.connected += 1
        self._fail_if("connect")
        return self

    def _fail_if(self, step):
        if self.breaks and self.breaks[0] == step:
            self.breaks.pop(0)
            raise ConnectionError(step)

    def wait(self, seconds):
        self._fail_if("wait")
        if not self.waiting:
            self.loop.stop()
        return [Message(each, "topic", self._acknowledge) for each in self.waiting]

    def _acknowledge(self):
        self._fail_if("acknowledge")
        self.acknowledged.append(self.waiting.popleft())

    def stay(self, seconds):
        self.stayed += 1

    def close(self):
        self.closed += 1

    def serve(self):
        self.loop = InboundLoop(lambda: None, self.connect, (ConnectionError,))
        self.loop.run()
        return self


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(process, "PAUSE", 0.0)
    monkeypatch.setattr(process.outage, "drop_connections", lambda: None)


@pytest.fixture
def contents(counted):
    return [json.dumps(counted | {"id": str(uuid4())}).encode() for _ in range(3)]


def test_each_message_is_acknowledged_once_it_is_taken(contents):
    source = FakeSource(*contents).serve()
    assert source.acknowledged == contents
    assert InboundEvent.objects.count() == 3
    assert source.loop.activity().handled == 3


def test_what_is_rejected_is_acknowledged_too(contents):
    source = FakeSource(contents[0], b"nothing", contents[1]).serve()
    assert len(source.acknowledged) == 3
    assert (InboundEvent.objects.count(), RejectedEvent.objects.count()) == (2, 1)


@pytest.mark.parametrize("step", ["connect", "wait", "acknowledge"])
def test_a_source_that_is_away_is_connected_to_anew_and_nothing_is_taken_twice(contents, step):
    source = FakeSource(*contents, breaks=[step, step]).serve()
    assert source.acknowledged == contents
    assert InboundEvent.objects.count() == 3
    assert source.connected == 3


def test_while_the_database_is_away_a_message_waits_over_the_same_connection(contents, monkeypatch):
    away = ["once", "twice"]

    def receive(content, *, via):
        if away:
            raise OperationalError(away.pop())
        return usual(content, via=via)

    usual = process.receive
    monkeypatch.setattr(process, "receive", receive)
    source = FakeSource(*contents).serve()
    assert (source.stayed, source.connected, source.acknowledged) == (2, 1, contents)
    assert source.loop.activity().outage is None


def test_what_is_taken_by_a_topic_is_kept_with_its_name():
    FakeSource(b"nothing").serve()
    assert RejectedEvent.objects.get().via == "topic"
