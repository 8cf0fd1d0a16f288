"""A worker's name is its alone; one that the broker refuses does not try for ever."""

from ssl import SSLCertVerificationError, SSLEOFError

import pytest
from amqp import exceptions as amqp
from redis import exceptions as redis

from billing.celery import app
from eventbus.messaging import connection_refusals, node
from eventbus.messaging.connection_refusals import Refusals, is_refusal
from eventbus.messaging.node import unique_name


@pytest.mark.parametrize("given", [None, "", "celery@here", "billing@here", "@here", "here"])
def test_no_two_workers_have_one_name_and_each_begins_with_its_app(given):
    names = {unique_name("billing", given) for _ in range(20)}
    assert len(names) > 1
    assert {name.partition("@")[0] for name in names} == {"billing"}
    assert all("here" in name for name in names if given and "here" in given)


def test_a_name_that_was_given_is_kept():
    assert unique_name("billing", "nights@here").startswith("nights@here.")


def test_every_worker_of_ours_is_named_so():
    assert issubclass(app.Worker, node.Worker)


NO = [
    amqp.AccessRefused("login was refused"),
    amqp.ResourceLocked("celery.pidbox"),
    amqp.NotAllowed("no vhost"),
    amqp.PreconditionFailed("inequivalent arg"),
    redis.AuthenticationError("WRONGPASS"),
    redis.NoPermissionError("NOPERM"),
    redis.ResponseError("DB index is out of range"),
    SSLCertVerificationError("self-signed"),
]
AWAY = [
    ConnectionRefusedError(),
    TimeoutError(),
    FileNotFoundError(),
    SSLEOFError(),
    amqp.ConnectionForced("shutting down"),
    amqp.InternalError(),
    redis.BusyLoadingError("LOADING"),
    redis.ReadOnlyError("READONLY"),
    redis.OutOfMemoryError("OOM"),
    redis.ResponseError("MISCONF errors writing"),
]


@pytest.mark.parametrize("error", NO, ids=repr)
def test_an_answer_that_is_no_is_a_refusal_however_it_is_wrapped(error):
    wrapped = redis.ConnectionError("while connecting")
    wrapped.__cause__ = error
    assert is_refusal(error)
    assert is_refusal(wrapped)


@pytest.mark.parametrize("error", AWAY, ids=repr)
def test_a_broker_that_is_away_or_unwell_refuses_nobody(error):
    assert not is_refusal(error)


@pytest.fixture
def clock(monkeypatch):
    """Seconds, moved by the test."""
    now = [1000.0]
    monkeypatch.setattr(connection_refusals.time, "monotonic", lambda: now[0])
    return now


def refuse(refusals, clock, *moments):
    for moment in moments:
        clock[0] = 1000.0 + moment
        refusals.count("billing", NO[0])


def test_who_is_refused_from_the_start_ends_soon_and_says_why_in_one_line(clock, caplog):
    with pytest.raises(SystemExit) as ended:
        refuse(Refusals(), clock, 0, 5, connection_refusals.AT_START)
    assert ended.value.code == 1
    assert "the broker refuses this worker: " in caplog.text


def test_who_was_up_has_longer(clock):
    refusals = Refusals()
    refusals.mark_connected()
    refuse(refusals, clock, *range(0, int(connection_refusals.LATER), 10))
    with pytest.raises(SystemExit):
        refuse(refusals, clock, connection_refusals.LATER)


def test_refusals_that_lie_apart_are_not_counted_together(clock):
    refuse(Refusals(), clock, 0, 5, 5 + connection_refusals.QUIET * 2)
