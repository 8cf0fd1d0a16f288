"""An operator ends a task, as Flower does."""

import pytest
from celery import Celery

from shop.bus import ending
from shop.bus.worker import _configuration
from shop.waiting import wait_until
from tests.conformance.mail import WITHIN


@pytest.fixture
def control(rig):
    """Remote control, as a program of ours has it."""
    app = Celery("operator", control="shop.bus.control:Control", set_as_default=False)
    app.conf.update(_configuration("ravens"))
    yield app.control
    app.close()


def only_task(looked_at):
    """The id of the one task there is of the ravens, once there is one."""

    def ids():
        seen = (looked_at() or {}).items()
        return [task["id"] for name, tasks in seen if name.startswith("ravens@") for task in tasks]

    wait_until(ids, WITHIN, "a task")
    return ids()[0]


def error(mail, note):
    return mail.rows(note).get(app="ravens").error


@pytest.mark.parametrize("signal", ["SIGTERM", "SIGKILL"])
def test_a_task_that_is_ended_while_it_runs_has_failed_and_is_tried_again(mail, control, signal):
    note = mail.sent(does={"ravens": "hold"})
    mail.wait_for_begin(note, "ravens")
    id = only_task(control.inspect().active)
    control.revoke(id, terminate=True, signal=signal)
    mail.wait_for_begin(note, "ravens", times=2)
    assert error(mail, note) == ending.MEANWHILE
    mail.allow(note)
    mail.wait_for_everybody(note)


def test_so_has_one_that_is_ended_before_it_runs(mail, control):
    first = mail.sent(does={"ravens": "hold"})
    mail.wait_for_begin(first, "ravens")
    second = mail.sent()
    id = only_task(control.inspect().reserved)
    control.revoke(id)
    wait_until(lambda: id in str(control.inspect().revoked()), WITHIN, "the worker knows")
    mail.allow(first)
    mail.wait_for_everybody(first, second)
    assert mail.rows(second).get(app="ravens").attempts == 2
