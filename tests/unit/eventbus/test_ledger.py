"""The ledger keeps one delivery for each event and reaction, and one worker at a time at it."""

from threading import Event as Flag

import pytest

from devtools.waiting import wait_until
from eventbus.delivery import ledger
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import handle
from eventbus.testing import emitted
from tests.unit.eventbus.conftest import answer_once, behaviour
from tests.unit.eventbus.events import Answered
from tests.workers import at_once, messages, somebody_waits


@pytest.mark.django_db
def test_deliveries_made_twice_are_there_once(rang):
    messages(rang)
    for _ in range(2):
        ledger.create_deliveries(OutboxEvent.objects.filter(id=rang.id))
    assert Delivery.objects.filter(app="tests", reaction="answer").count() == 1


@pytest.mark.django_db(transaction=True)
def test_second_worker_waits_for_the_first_and_does_nothing(rang):
    [message] = messages(rang)
    ledger.create_deliveries(OutboxEvent.objects.filter(id=rang.id))
    inside, second_is_through = Flag(), Flag()

    def hold_still(event):
        if not inside.is_set():
            inside.set()
            wait_until(lambda: somebody_waits() or second_is_through.is_set(), 120, "the second")
        answer_once(event)

    def second():
        inside.wait(10)
        handle("tests", [message])
        second_is_through.set()

    behaviour["answer"] = hold_still
    at_once(lambda: handle("tests", [message]), second)
    assert len(emitted(Answered)) == 1
