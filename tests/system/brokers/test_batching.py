"""A worker takes what waits for it in one transaction; each message stays its own."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from devtools.waiting import wait_until
from tests.system.brokers.mail import WITHIN
from tests.system.brokers.test_revoked_tasks import control, tasks

__all__ = ["control"]


def transactions(*notes) -> int:
    """In how many transactions app_b has kept these notes."""
    query = "select count(distinct xmin::text) from effect where app = 'app_b' and note = any(%s)"
    with connection.cursor() as cursor:
        cursor.execute(query, [[note.note for note in notes]])
        return cursor.fetchone()[0]


@contextmanager
def held_up(mail) -> Iterator[None]:
    """App_b is busy; what is sent within waits in their worker and is taken together."""
    first = mail.sent(does={"app_b": "hold"})
    mail.wait_for_begin(first, "app_b")
    yield
    mail.allow(first)
    mail.wait_for_everybody(first)


def send_to_the_worker(mail, *notes) -> None:
    """Emit these and wait until app_b's worker has them."""
    mail.send(*notes)
    wait_until(lambda: all(map(mail.is_published, notes)), WITHIN, "published")
    mail.wait_until_empty("app_b")


@pytest.mark.parametrize(("size", "most"), [("1", 12), ("20", 4)])
def test_what_waits_is_taken_together_up_to_the_size_of_a_batch(environment, mail, size, most):
    with environment.with_environment(
        "app_b", EVENTBUS_BATCH_SIZE=size, EVENTBUS_BATCH_WITHIN="60"
    ):
        notes = [mail.note() for _ in range(12)]
        with held_up(mail):
            mail.send(*notes)
            wait_until(lambda: all(map(mail.is_published, notes)), WITHIN, "published")
        mail.wait_for_everybody(*notes)
        assert transactions(*notes) <= most
        assert size != "1" or transactions(*notes) == len(notes)


def test_one_that_fails_in_a_batch_costs_only_itself(mail):
    notes = [mail.note() for _ in range(5)]
    bad = mail.note(does={"app_b": "fail"})
    with held_up(mail):
        send_to_the_worker(mail, *notes, bad)
    mail.wait_for_everybody(*notes)
    wait_until(lambda: mail.states(bad, "app_b") == {"parked"}, WITHIN, "parked")
    assert {row.attempts for row in mail.rows(*notes).filter(app="app_b")} == {1}


@pytest.mark.parametrize("how_often", ["die once", "die"])
def test_one_that_kills_its_process_in_a_batch_costs_only_itself(mail, how_often):
    notes = [mail.note() for _ in range(5)]
    bad = mail.note(does={"app_b": how_often})
    with held_up(mail):
        send_to_the_worker(mail, *notes[:2], bad, *notes[2:])
    mail.wait_for_everybody(*notes)
    ended = "done" if how_often == "die once" else "parked"
    wait_until(lambda: mail.states(bad, "app_b") == {ended}, WITHIN, ended)


def test_worker_that_is_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing(
    environment, mail
):
    notes = [mail.note() for _ in range(5)]
    middle = mail.note(does={"app_b": "hold"})
    with held_up(mail):
        send_to_the_worker(mail, *notes[:3], middle, *notes[3:])
    mail.wait_for_begin(middle, "app_b")
    environment.stop("app_b", signal.SIGKILL)
    assert not mail.effects(middle).get(("app_b", "keep"))
    mail.allow(middle)
    environment.start("app_b")
    mail.wait_for_everybody(*notes, middle)


def test_task_that_is_ended_in_a_batch_is_the_only_one_that_has_failed(mail, control):
    notes = [mail.note() for _ in range(3)]
    ended = mail.note(does={"app_b": "hold"})
    with held_up(mail):
        send_to_the_worker(mail, *notes, ended)
    mail.wait_for_begin(ended, "app_b")
    tasks(control.inspect().active)
    active = (task for found in control.inspect().active().values() for task in found)
    (id,) = (task["id"] for task in active if str(ended.note) in str(task["args"]))
    control.revoke(id, terminate=True, signal="SIGKILL")
    mail.wait_for_begin(ended, "app_b", times=2)
    assert "ended by an operator" in mail.rows(ended).get(app="app_b").error
    mail.allow(ended)
    mail.wait_for_everybody(*notes, ended)
    assert {row.attempts for row in mail.rows(*notes).filter(app="app_b")} == {1}


def test_each_message_of_a_batch_is_a_task_of_its_own(mail, control):
    def counted():
        stats = control.inspect().stats() or {}
        (total,) = (s["total"] for name, s in stats.items() if name.startswith("app_b@"))
        return total.get("app_a.NoteSent", 0)

    before, notes = counted(), [mail.note() for _ in range(5)]
    with held_up(mail):
        send_to_the_worker(mail, *notes)
    mail.wait_for_everybody(*notes)
    assert counted() == before + 1 + len(notes)
