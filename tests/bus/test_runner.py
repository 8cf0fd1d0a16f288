"""One effect per event and reaction, however messages come."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction

from shop.bus import Event, emit, registry
from shop.bus.errors import OutsideTransaction
from shop.bus.models import Delivery, OutboxEvent
from shop.bus.registry import reacts_to
from shop.bus.runner import Incoming, handle
from shop.bus.testing import again, emitted, given

pytestmark = pytest.mark.django_db


class Rang(Event):
    """A bell rang."""

    bell: UUID


class Answered(Event):
    """Somebody answered the bell."""

    bell: UUID


calls: list[str] = []


@reacts_to(Rang)
def answer(event):
    emit(Answered(bell=event.bell))


@reacts_to(Answered)
def open_door(event):
    emit_before = yield lambda: calls.append("knock")
    assert emit_before is None


def test_reaction_states_follow_on_event_once_for_many_copies():
    rang = Rang(bell=uuid4())
    given(rang, to="tests", times=3)
    again(rang, to="tests")
    assert [e.bell for e in emitted(Answered)] == [rang.bell]
    row = OutboxEvent.objects.get(type="tests.Answered")
    assert row.causation_id == rang.id


def test_outside():
    calls.clear()
    a = Answered(bell=uuid4())
    given(a, to="tests", times=2)
    assert calls == ["knock"]
    assert Delivery.objects.get(event=a.id).state == "done"


@pytest.mark.django_db(transaction=True)
def test_emit_outside():
    with pytest.raises(OutsideTransaction):
        emit(Rang(bell=uuid4()))
