"""Processes and the broker end, freeze and lose each other; nothing is lost, nothing twice."""

import os
import signal
import time
from contextlib import contextmanager

from tests.system.brokers.mail import EVERYBODY


def test_what_was_stated_while_a_worker_was_off_waits_for_it(mail, rig):
    rig.stop("doves")
    notes = [mail.sent() for _ in range(5)]
    for note in notes:
        mail.wait_for(note, "ravens")
    rig.start("doves")
    mail.wait_for_everybody(*notes)


def test_a_worker_told_to_stop_finishes_what_runs_and_begins_nothing_new(mail, rig):
    held, next = mail.sent(does={"doves": "hold"}), None
    mail.wait_for_begin(held, "doves")
    rig.tell("doves", signal.SIGTERM)
    next = mail.sent()
    mail.wait_for(next, "ravens")
    mail.allow(held)
    assert rig.wait_for_end("doves") == 0
    assert mail.effects(held) == EVERYBODY
    assert mail.begun(next) == {("ravens", "keep"): 1}
    rig.start("doves")
    mail.wait_for_everybody(next)
    assert mail.begun(held) == EVERYBODY


def test_what_a_killed_worker_was_busy_with_takes_effect_once(mail, rig):
    held, behind = mail.note(does={"doves": "hold"}), [mail.note() for _ in range(5)]
    mail.send(held, *behind)
    mail.wait_for_begin(held, "doves")
    rig.stop("doves", signal.SIGKILL)
    mail.allow(held)
    rig.start("doves")
    mail.wait_for_everybody(held, *behind)


def test_a_killed_relay_leaves_nothing_unpublished(mail, rig):
    notes = [mail.note() for _ in range(20)]
    mail.send(*notes)
    rig.stop("relay", signal.SIGKILL)
    rig.start("relay")
    mail.wait_for_everybody(*notes)


def test_stating_an_event_needs_no_broker(mail, rig):
    rig.server.kill()
    began = time.monotonic()
    note = mail.sent()
    took = time.monotonic() - began
    assert not mail.is_published(note)
    rig.server.start()
    mail.wait_for_everybody(note)
    assert took < 1


def test_a_broker_that_is_killed_under_load_loses_nothing(mail, rig):
    before = [mail.note() for _ in range(30)]
    mail.send(*before)
    rig.server.kill()
    after = mail.sent()
    rig.server.start()
    mail.wait_for_everybody(*before, after)


def test_a_broker_that_stands_still_for_a_while_loses_nothing(mail, rig):
    with frozen(rig.server.pid):
        note = mail.sent()
        time.sleep(2)
        assert not mail.is_published(note)
    mail.wait_for_everybody(note)


def test_connections_that_are_cut_are_made_again(mail, rig):
    pids = [rig.pid(name) for name in ("relay", "doves", "ravens")]
    held = mail.sent(does={"ravens": "hold"})
    mail.wait_for_begin(held, "ravens")
    rig.proxy.cut()
    mail.allow(held)
    mail.wait_for_everybody(held, mail.sent())
    assert pids == [rig.pid(name) for name in ("relay", "doves", "ravens")]


def test_a_network_that_swallows_everything_holds_up_and_loses_nothing(mail, rig):
    rig.proxy.blackhole()
    note = mail.sent()
    time.sleep(1)
    assert not mail.is_published(note)
    rig.proxy.cut()
    rig.proxy.heal()
    mail.wait_for_everybody(note)


def test_a_broker_that_forgets_everything_is_told_again(mail, rig):
    rig.stop("ravens")
    waiting = mail.sent()
    mail.wait_for(waiting, "doves")
    rig.server.wipe()
    rig.start("ravens")
    mail.wait_for_everybody(waiting, mail.sent())


def test_a_relay_told_to_stop_ends_in_good_order(mail, rig):
    rig.tell("relay", signal.SIGTERM)
    assert rig.wait_for_end("relay") == 0
    note = mail.sent()
    rig.start("relay")
    mail.wait_for_everybody(note)


@contextmanager
def frozen(pid):
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
