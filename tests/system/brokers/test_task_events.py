"""Flower is told of each task, though many are told of in one message."""

import signal
import threading
from collections.abc import Iterator
from itertools import chain

import pytest
from celery.events import EventReceiver

from billing.celery import app
from devtools.waiting import wait_until
from eventbus.messaging import broker
from tests.system.brokers.mail import WITHIN
from tests.system.brokers.test_batching import held_up, send_to_the_worker

OUTCOMES = ("task-received", "task-started", "task-succeeded")


class Flower(EventReceiver):
    """Listens as Flower does, and keeps app_b's task events by message."""

    def __init__(self, connection):
        super().__init__(connection, app=app)
        self.messages = []
        self.hears = threading.Event()
        self.is_offline = threading.Event()

    def _receive(self, body, _message):
        self.hears.set()
        events = body if isinstance(body, list) else [body]
        if not events[0]["hostname"].startswith("app_b@"):
            return
        if events[0]["type"] == "worker-offline":
            self.is_offline.set()
        if events[0]["type"].startswith("task-"):
            self.messages.append(events)

    def of_kind(self, kind):
        """Return the ids of the tasks of which this was told."""
        events = chain.from_iterable(self.messages)
        return {event["uuid"] for event in events if event["type"] == kind}


@pytest.fixture
def flower(environment) -> Iterator[Flower]:
    with broker.connect() as connection:
        flower = Flower(connection)
        thread = threading.Thread(target=flower.capture, kwargs={"wakeup": False}, daemon=True)
        thread.start()
        # Workers give a sign of life every two seconds.
        assert flower.hears.wait(WITHIN)
        yield flower
        flower.should_stop = True
        thread.join()


def test_each_of_many_tasks_is_told_of_in_few_messages(mail, flower):
    notes = [mail.note() for _ in range(10)]
    with held_up(mail):
        send_to_the_worker(mail, *notes)
    mail.wait_for_everybody(*notes)
    # Or more: on a busy machine one may be sent again, and what was before may be told late.
    for kind in OUTCOMES:
        wait_until(lambda kind=kind: len(flower.of_kind(kind)) >= 11, WITHIN, kind)
    assert len(flower.messages) < len(flower.of_kind("task-received"))


def test_worker_that_stops_tells_what_became_of_its_last_task(environment, mail, flower):
    note = mail.sent(does={"app_b": "hold"})
    mail.wait_for_begin(note, "app_b")
    environment.tell("app_b", signal.SIGTERM)
    assert flower.is_offline.wait(WITHIN)
    mail.allow(note)
    environment.wait_for_end("app_b")
    wait_until(lambda: flower.of_kind("task-succeeded"), WITHIN, "told")
    mail.wait_for_everybody(note)
