"""An operator ends a task, as Flower does."""

import pytest
from celery import Celery
from kombu import pools

from devtools.waiting import wait_until
from eventbus.messaging import revoked_tasks
from eventbus.messaging.worker import _configuration
from tests.system.brokers.mail import WITHIN


@pytest.fixture
def control(environment):
    """Remote control, as a program of ours has it."""
    app = Celery("operator", control="eventbus.messaging.control:Control", set_as_current=False)
    app.conf.update(_configuration("app_b"))
    # A connection that another test has left may be of a broker that was restarted since.
    pools.reset()
    yield app.control
    app.close()


def tasks(looked_at):
    """The ids of the app_b' tasks, once there are any."""

    def ids():
        seen = (looked_at() or {}).items()
        return [task["id"] for name, tasks in seen if name.startswith("app_b@") for task in tasks]

    wait_until(ids, WITHIN, "a task")
    return ids()


def error(mail, note):
    return mail.rows(note).get(app="app_b").error


@pytest.mark.parametrize("signal", ["SIGTERM", "SIGKILL"])
def test_a_task_that_is_ended_while_it_runs_has_failed_and_is_tried_again(mail, control, signal):
    note = mail.sent(does={"app_b": "hold"})
    mail.wait_for_begin(note, "app_b")
    control.revoke(tasks(control.inspect().active), terminate=True, signal=signal)
    mail.wait_for_begin(note, "app_b", times=2)
    assert error(mail, note) == revoked_tasks.ENDED_DURING_RUN
    mail.allow(note)
    mail.wait_for_everybody(note)


def test_so_has_one_that_is_ended_before_it_runs(mail, control):
    first = mail.sent(does={"app_b": "hold"})
    mail.wait_for_begin(first, "app_b")
    second = mail.sent()
    wait_until(lambda: mail.is_published(second), WITHIN, "published")
    with mail.relay_held():
        ids = tasks(control.inspect().reserved)
        control.revoke(ids)
        wait_until(lambda: ids[-1] in str(control.inspect().revoked()), WITHIN, "it is known")
        mail.allow(first)
        wait_until(
            lambda: error(mail, second) == revoked_tasks.ENDED_BEFORE_RUN, WITHIN, "it has failed"
        )
    mail.wait_for_everybody(first, second)
