"""A table that somebody locks for long takes no more connections than there are workers."""

import time
from collections.abc import Sequence
from multiprocessing import get_context
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, connections

from eventbus.delivery.models import Delivery
from eventbus.delivery.runner import Incoming, handle
from eventbus.delivery.session_limits import limit_sessions
from tests.databases import another_session
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.deliveries import envelope_of
from tests.unit.eventbus.events import Rang
from tests.unit.eventbus.test_runner import within

PROCESSES, MESSAGES = 4, 5
#: Seconds for which the table is locked at most.
TIMEOUT = 60
LOCKED = "eventbus_history_redaction"


def work(incoming: Sequence[Incoming], kind: str) -> None:
    """A worker's process: message by message, each of which meets the lock."""
    if kind == "database":
        limit_sessions("worker")
    for message in incoming:
        with within(0.3 if kind == "signal" else 60):
            handle("tests", [message])


def ask(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def backends() -> int:
    return ask("select count(*) from pg_stat_activity where datname = current_database()")


def most_backends(processes: Sequence) -> int:
    """Count how many there were at most until these processes have ended, or were ended."""
    most, until = 0, time.monotonic() + TIMEOUT
    while any(process.is_alive() for process in processes) and time.monotonic() < until:
        most = max(most, backends())
        time.sleep(0.05)
    for process in processes:
        process.kill()
        process.join()
    return most


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["database", "signal"])
def test_processes_that_meet_a_locked_table_again_and_again_take_a_connection_each(
    monkeypatch, kind
):
    """The database ends the wait, or, where a pooler hides its limits, a time limit does."""
    monkeypatch.setitem(settings.EVENTBUS_SESSION_LIMITS["worker"], "lock_timeout", "200ms")
    # Whatever another test had this process say, which would count for more.
    monkeypatch.setitem(connections.settings["default"].setdefault("OPTIONS", {}), "options", "")
    behaviour["answer"] = lambda _: ask(f"select count(*) from {LOCKED}")
    queues = [
        [Incoming(envelope_of(Rang(bell=uuid4()))) for _ in range(MESSAGES)]
        for _ in range(PROCESSES)
    ]
    connections.close_all()
    context = get_context("fork")
    processes = [context.Process(target=work, args=[queue, kind]) for queue in queues]
    with another_session(f"lock table {LOCKED}"):
        for process in processes:
            process.start()
        most = most_backends(processes)
        assert ask("select count(*) from pg_locks where not granted") == 0
        left = backends()
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    # One that was given up may still be on its way out while the next is there.
    assert most <= 2 * PROCESSES + 2
    assert left <= PROCESSES + 2
    rows = Delivery.objects.filter(app="tests", reaction="answer")
    assert {(row.state, row.attempts) for row in rows} == {("failed", 1)}
