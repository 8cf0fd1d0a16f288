"""Processes and the broker end, freeze and lose each other; nothing is lost, nothing twice."""

import os
import signal
import time
from contextlib import contextmanager

from tests.system.brokers.broker_environment import PROGRAMS
from tests.system.brokers.mail import EVERYBODY


def test_a_worker_told_to_stop_finishes_what_runs_and_begins_nothing_new(mail, environment):
    held, next = mail.sent(does={"app_a": "hold"}), None
    mail.wait_for_begin(held, "app_a")
    environment.tell("app_a", signal.SIGTERM)
    next = mail.sent()
    mail.wait_for(next, "app_b")
    mail.allow(held)
    assert environment.wait_for_end("app_a") == 0
    assert mail.effects(held) == EVERYBODY
    assert mail.begun(next) == {("app_b", "keep"): 1}
    environment.start("app_a")
    mail.wait_for_everybody(next)
    assert mail.begun(held) == EVERYBODY


def test_what_a_killed_worker_was_busy_with_takes_effect_once(mail, environment):
    held, behind = mail.note(does={"app_a": "hold"}), [mail.note() for _ in range(5)]
    mail.send(held, *behind)
    mail.wait_for_begin(held, "app_a")
    environment.stop("app_a", signal.SIGKILL)
    mail.allow(held)
    environment.start("app_a")
    mail.wait_for_everybody(held, *behind)


def test_a_killed_relay_leaves_nothing_unpublished(mail, environment):
    notes = [mail.note() for _ in range(20)]
    mail.send(*notes)
    environment.stop("relay", signal.SIGKILL)
    environment.start("relay")
    mail.wait_for_everybody(*notes)


def test_a_broker_that_is_killed_under_load_again_and_again_loses_nothing_and_emitting_needs_none(
    mail, environment
):
    for _ in range(3):
        before = [mail.note() for _ in range(30)]
        mail.send(*before)
        environment.server.kill()
        after = mail.sent()
        assert not mail.is_published(after)
        environment.server.start()
        mail.wait_for_everybody(*before, after)
    assert all(map(environment.is_running, PROGRAMS))


def test_a_broker_that_stands_still_for_a_while_loses_nothing(mail, environment):
    with frozen(environment.server.pid):
        note = mail.sent()
        time.sleep(2)
        assert not mail.is_published(note)
    mail.wait_for_everybody(note)


def test_connections_that_are_cut_are_made_again(mail, environment):
    pids = [environment.pid(name) for name in ("relay", "app_a", "app_b")]
    held = mail.sent(does={"app_b": "hold"})
    mail.wait_for_begin(held, "app_b")
    environment.proxy.cut()
    mail.allow(held)
    mail.wait_for_everybody(held, mail.sent())
    assert pids == [environment.pid(name) for name in ("relay", "app_a", "app_b")]


def test_a_network_that_swallows_everything_holds_up_and_loses_nothing(mail, environment):
    environment.proxy.blackhole()
    note = mail.sent()
    time.sleep(1)
    assert not mail.is_published(note)
    environment.proxy.cut()
    environment.proxy.heal()
    mail.wait_for_everybody(note)


def test_a_broker_that_forgets_everything_is_told_again(mail, environment):
    environment.stop("app_b")
    waiting = mail.sent()
    mail.wait_for(waiting, "app_a")
    environment.server.wipe()
    environment.start("app_b")
    mail.wait_for_everybody(waiting, mail.sent())


def test_a_relay_told_to_stop_ends_in_good_order(mail, environment):
    environment.tell("relay", signal.SIGTERM)
    assert environment.wait_for_end("relay") == 0
    note = mail.sent()
    environment.start("relay")
    mail.wait_for_everybody(note)


@contextmanager
def frozen(pid):
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
