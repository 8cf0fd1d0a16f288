"""Whatever goes wrong, a message is acknowledged only when that is written down."""

import psycopg
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, OperationalError

from eventbus.delivery import outage_retry
from eventbus.delivery.models import Delivery
from eventbus.delivery.outage_state import LONGEST, OutageState
from eventbus.exceptions import BusError
from eventbus.messaging import handling
from eventbus.messaging.handling import Outcome
from eventbus.messaging.liveness import Liveness, WorkerActivity
from eventbus.operations.heartbeat import Heartbeat
from eventbus.operations.models import WorkerHeartbeat
from eventbus.operations.worker_status import is_alive, missing, workers
from tests.unit.eventbus.deliveries import envelope_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(handling, "RETRY_TIMEOUT", 0.0)
    monkeypatch.setattr(outage_retry, "FIRST_PAUSE", 0.0)
    yield
    outage_retry.outage_state.clear()


def breaks(monkeypatch, *errors):
    """The bus itself raises these in turn, then works."""
    usual, left = handling.handle, list(errors)

    def handle(*arguments):
        if left:
            raise left.pop(0)
        usual(*arguments)

    monkeypatch.setattr(handling, "handle", handle)


def react(rang):
    """Return the message's outcome."""
    ((outcome, _),) = handling.run("tests", [(envelope_of(rang).to_wire(), False)])
    return outcome


def states():
    return set(Delivery.objects.filter(app="tests").values_list("state", flat=True))


@pytest.mark.parametrize("error", [BusError("a bug"), TypeError("a bug"), SoftTimeLimitExceeded()])
def test_error_of_the_bus_itself_is_recorded_as_a_failure_of_what_is_open(rang, monkeypatch, error):
    breaks(monkeypatch, error)
    assert react(rang) == Outcome.ENDED
    rows = Delivery.objects.filter(app="tests")
    assert {(row.state, row.attempts) for row in rows} == {("failed", 1)}
    assert all(type(error).__name__ in row.error for row in rows)


def test_error_of_the_database_is_waited_for(rang, monkeypatch):
    monkeypatch.setattr(handling, "RETRY_TIMEOUT", 30.0)
    breaks(monkeypatch, away(), away())
    react(rang)
    assert states() == {"done"}


@pytest.mark.parametrize("error", [BusError("a bug"), OperationalError("away")])
def test_message_goes_back_while_nothing_can_be_written_down(rang, monkeypatch, error):
    def fail(*_):
        raise DatabaseError("may only be read")

    breaks(monkeypatch, error)
    monkeypatch.setattr(handling.ledger, "fail_open", fail)
    assert react(rang) == Outcome.REQUEUED
    assert states() == {"waiting"}


def test_time_limit_that_strikes_while_it_waits_gives_it_back(rang, monkeypatch):
    def limit(_):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(handling, "RETRY_TIMEOUT", 30.0)
    monkeypatch.setattr("time.sleep", limit)
    breaks(monkeypatch, away())
    assert react(rang) == Outcome.REQUEUED


def test_worker_that_fails_at_everything_is_stalled_until_something_works(rang, monkeypatch):
    heartbeat = Heartbeat(
        "tests",
        1,
        lambda: WorkerActivity(0, [], outage_retry.outage_state.current()),
        Liveness("tests"),
    )
    breaks(monkeypatch, away())
    assert react(rang) == Outcome.REQUEUED
    heartbeat.send()
    (worker,) = workers()
    assert (worker.state, is_alive("tests")) == ("failing", False)
    assert "the server is away" in worker.seen.last_error
    assert "tests" in missing([worker])
    react(rang_again(rang))
    heartbeat.send()
    assert [worker.state for worker in workers()] == ["alive"]
    assert WorkerHeartbeat.objects.get().last_error == ""


def test_trouble_keeps_when_it_began_and_as_much_of_an_error_as_it_may():
    outage_state = OutageState()
    assert outage_state.current() is None
    outage_state.record("first")
    first = outage_state.current()
    outage_state.record("x" * LONGEST + "y")
    assert outage_state.current().lasted >= first.lasted
    assert (first.error, outage_state.current().error) == ("first", "x" * LONGEST)
    outage_state.record("a file \udcff, a null \0")
    assert outage_state.current().error == "a file \\udcff, a null \\0"
    outage_state.clear()
    assert outage_state.current() is None


def test_trouble_tells_of_no_person():
    outage_state = OutageState()
    outage_state.record('DataError: invalid input syntax for type uuid: "Ada Lovelace"')
    assert outage_state.current().error == "DataError: invalid input syntax for type uuid: •••"
    outage_state.record("KeyError: 'ada@example.com'")
    assert "ada" not in outage_state.current().error


def away():
    """As Django tells of a connection that the server has closed."""
    error = OperationalError("the server is away")
    error.__cause__ = psycopg.errors.AdminShutdown()
    return error


def rang_again(rang):
    return type(rang)(bell=rang.bell)
