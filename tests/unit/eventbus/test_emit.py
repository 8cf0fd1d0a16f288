"""Stating a fact."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from eventbus.delivery.models import OutboxEvent
from eventbus.exceptions import OutsideTransaction
from eventbus.testing import emit, emitted, given
from tests.unit.eventbus.events import Answered, Rang


@pytest.mark.django_db(transaction=True)
def test_emit_outside_a_transaction_is_refused(rang):
    with pytest.raises(OutsideTransaction):
        emit(rang)
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_rolled_back_change_takes_its_event_along(rang):
    with transaction.atomic():
        emit(rang)
        transaction.set_rollback(True)
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_signal_is_sent_inside_the_transaction_and_its_error_is_the_callers(rang):
    def refuse(**_):
        raise ValueError("not today")

    Rang.signal.connect(refuse)
    try:
        with pytest.raises(ValueError, match="not today"):
            emit(rang)
    finally:
        Rang.signal.disconnect(refuse)


@pytest.mark.django_db
def test_event_that_nothing_caused_begins_a_story(rang):
    emit(rang)
    row = OutboxEvent.objects.get()
    assert (row.id, row.correlation_id, row.causation_id) == (rang.id, rang.id, None)


@pytest.mark.django_db
def test_event_emitted_by_a_reaction_continues_the_story(rang):
    given(rang, to="tests")
    row = OutboxEvent.objects.get(type=Answered.type)
    assert (row.correlation_id, row.causation_id) == (rang.id, rang.id)
    assert row.traceparent.split("-")[1] == rang.id.hex


@pytest.mark.django_db
def test_scheduled_event_waits_for_its_time(rang):
    later = timezone.now() + timedelta(days=3)
    emit(rang, publish_after=later)
    assert OutboxEvent.objects.get().publish_after == later


@pytest.mark.django_db
def test_emitted_gives_back_the_events_as_emitted():
    event = Rang(bell=uuid4())
    emit(event)
    assert emitted(Rang) == [event]
    assert emitted(Rang)[0].id == event.id
