"""What waits in a worker is given to its pool together, and each message stays its own."""

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

import pytest
from billiard.einfo import ExceptionInfo
from billiard.exceptions import Terminated, WorkerLostError

from eventbus.conf import conf
from eventbus.messaging import batches


@dataclass
class Request:
    """A request as Celery has it, that keeps what became of it."""

    _already_revoked: bool = False
    _already_cancelled: bool = False
    _terminate_on_ack: object = None
    failures: list = field(default_factory=list)
    id: str = ""

    def revoked(self):
        return False

    def on_failure(self, error):
        self.failures.append(type(error.exception.exc))


def terminated():
    try:
        raise Terminated(-9)
    except Terminated:
        return ExceptionInfo()


@pytest.mark.parametrize(
    "meant", [{"_already_revoked": True}, {"_terminate_on_ack": ("pool", 9)}], ids=str
)
def test_process_that_an_operator_ended_is_merely_lost_to_the_others_of_its_batch(meant):
    ended, other = Request(**meant), Request()
    batches._failed([other, ended], terminated())
    assert (ended.failures, other.failures) == ([Terminated], [WorkerLostError])


class Hub:
    """A loop that keeps what it is to call, and when."""

    def __init__(self) -> None:
        self.soon: deque = deque()
        self.later: deque = deque()

    def call_soon(self, call):
        self.soon.append(call)

    def call_later(self, delay, call):
        self.later.append((delay, call))

    def turn(self):
        while self.soon:
            self.soon.popleft()()


@pytest.fixture
def hub():
    return Hub()


@pytest.fixture
def given():
    return []


@pytest.fixture
def waiting(request, hub, given, monkeypatch, settings):
    """The batches of an app, where messages gather for so many milliseconds."""
    name, milliseconds = request.param
    settings.EVENTBUS_BATCH_LINGER = timedelta(milliseconds=milliseconds)
    app = SimpleNamespace(main=name)
    controller = SimpleNamespace(semaphore=None)
    made = batches.Batches(SimpleNamespace(hub=hub, controller=controller, app=app))
    monkeypatch.setattr(made, "_give", given.append)
    return made


def receive(waiting, count=3):
    received = [Request(id=str(number)) for number in range(count)]
    for request in received:
        waiting.add(request)
    return received


@pytest.mark.parametrize("waiting", [("inventory", 200), ("notifications", 0)], indirect=True)
def test_what_is_received_in_one_turn_of_the_loop_is_given_together(waiting, hub, given):
    received = receive(waiting)
    hub.turn()
    assert given == [received]
    assert not hub.later


@pytest.mark.parametrize("waiting", [("notifications", 200)], indirect=True)
class TestAppThatNoOtherWaitsFor:
    def test_gathers_what_comes_within_its_time(self, waiting, hub, given):
        first = receive(waiting)
        hub.turn()
        assert not given
        [(delay, ask)] = hub.later
        assert delay == 0.2
        late = receive(waiting, 1)
        ask()
        assert given == [first + late]

    def test_gathers_anew_what_comes_after_that(self, waiting, hub, given):
        for _ in range(2):
            receive(waiting)
            _, ask = hub.later.popleft()
            ask()
        assert [len(requests) for requests in given] == [3, 3]

    def test_begins_at_once_when_a_batch_is_full(self, waiting, hub, given):
        receive(waiting, conf.BATCH_SIZE - 1)
        hub.turn()
        assert not given
        receive(waiting, 1)
        hub.turn()
        assert [len(requests) for requests in given] == [conf.BATCH_SIZE]
