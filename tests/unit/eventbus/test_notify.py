"""Once it is committed, who watches hears what was reacted to, and a relay what was emitted."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction

from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.notify import LONGEST_PAYLOAD, notify_after_commit
from eventbus.delivery.outbox import CHANNEL
from eventbus.delivery.runner import Incoming, handle
from eventbus.pg_listen import REACTION_CHANNEL
from eventbus.testing import emit, given
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.deliveries import envelope_of
from tests.unit.eventbus.events import Knocked, Rang

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listener() -> Iterator[psycopg.Connection]:
    parameters = connection.get_connection_params()
    for ours in ("cursor_factory", "context"):
        parameters.pop(ours, None)
    with psycopg.connect(**parameters, autocommit=True) as listening:
        listening.execute(f"LISTEN {REACTION_CHANNEL}")
        yield listening


def heard(listener: psycopg.Connection) -> list[str]:
    """The payloads that have come; what was sent before this is among them."""
    end = uuid4().hex
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [REACTION_CHANNEL, end])
    payloads = []
    for notification in listener.notifies(timeout=10):
        if notification.payload == end:
            return payloads
        payloads.append(notification.payload)
    raise AssertionError(f"nothing more came after {payloads}")


def test_subject_of_a_handled_event_is_announced_once(listener, rang):
    given(rang, to="tests")
    assert heard(listener) == [str(rang.bell)]


def test_copy_that_does_nothing_is_not_announced(listener, rang):
    given(rang, to="tests", times=3)
    assert heard(listener) == [str(rang.bell)]


def test_what_has_been_announced_can_be_read(listener, rang):
    """Nobody is told before the commit: inside the reaction nothing has been heard."""
    heard_inside = []
    behaviour["answer"] = lambda _: heard_inside.extend(listener.notifies(timeout=0.1))
    given(rang, to="tests")
    assert not heard_inside
    assert heard(listener) == [str(rang.bell)]


def test_subjects_of_a_batch_are_announced_together(listener):
    bells = sorted([uuid4(), uuid4(), uuid4()], key=str)
    handle("tests", [Incoming(envelope_of(Rang(bell=bell))) for bell in bells])
    assert heard(listener) == [",".join(map(str, bells))]


def test_answer_of_an_outside_call_is_announced_too(listener):
    def ask(_):
        yield lambda: None

    behaviour["open_the_door"] = ask
    event = Knocked(door=uuid4())
    given(event, to="tests")
    assert heard(listener) == [str(event.door)] * 2


def test_many_subjects_are_split_into_payloads_that_postgresql_takes(listener):
    subjects = [f"{number:0100}" for number in range(1000)]
    notify_after_commit(subjects)
    payloads = heard(listener)
    assert max(map(len, payloads)) <= LONGEST_PAYLOAD
    assert ",".join(payloads).split(",") == subjects


def test_announcement_that_fails_harms_nothing(monkeypatch, caplog):
    monkeypatch.setattr("eventbus.delivery.notify.LONGEST_PAYLOAD", 100_000)
    handle("tests", [Incoming(envelope_of(Rang(bell=uuid4()))) for _ in range(250)])
    assert "payload string too long" in caplog.text
    assert set(Delivery.objects.filter(app="tests").values_list("state", flat=True)) == {"done"}


def test_relays_are_told_once_of_what_was_emitted_after_the_commit(listener, rang):
    listener.execute(f"LISTEN {CHANNEL}")
    with transaction.atomic():
        emit(rang)
        emit(Rang(bell=uuid4()))
        assert not list(listener.notifies(timeout=0.1))
    assert heard(listener) == [""]


def test_relay_that_cannot_be_told_harms_nothing(monkeypatch, caplog, rang):
    monkeypatch.setattr("eventbus.delivery.outbox.CHANNEL", "")
    with transaction.atomic():
        emit(rang)
    assert "syntax error" in caplog.text
    assert OutboxEvent.objects.get().id == rang.id
