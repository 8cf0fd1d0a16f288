"""What waits in a worker is given to its pool together, and each message stays its own."""

from collections import deque
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from billiard.einfo import ExceptionInfo
from billiard.exceptions import Terminated, WorkerLostError

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


def test_what_is_received_in_one_turn_of_the_loop_is_given_together(monkeypatch):
    turn, given = deque(), []
    hub, node = SimpleNamespace(call_soon=turn.append), SimpleNamespace(semaphore=None)
    waiting = batches.Batches(SimpleNamespace(hub=hub, controller=node))
    monkeypatch.setattr(waiting, "_give", given.append)
    received = [Request(id=str(number)) for number in range(3)]
    for request in received:
        waiting.add(request)
    while turn:
        turn.popleft()()
    assert given == [received]
