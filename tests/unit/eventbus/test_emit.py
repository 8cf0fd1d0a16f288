"""Stating a fact."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from eventbus.delivery.models import OutboxEvent
from eventbus.delivery.outbox import collect_events
from eventbus.delivery.prepared import PREPARE_AFTER
from eventbus.exceptions import OutsideTransaction
from eventbus.testing import emit, emitted, given
from tests.databases import prepared_statements
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


def emit_until_prepared() -> None:
    for _ in range(PREPARE_AFTER + 1):
        with transaction.atomic():
            emit(Rang(bell=uuid4()))


@pytest.mark.django_db(transaction=True)
def test_kept_connection_prepares_the_statement_that_writes_an_event_and_no_other():
    emit_until_prepared()
    emit_until_prepared()
    (statement,) = prepared_statements()
    assert "insert into eventbus_outboxevent" in statement
    assert connection.connection.prepare_threshold is None
    assert OutboxEvent.objects.count() == 2 * (PREPARE_AFTER + 1)


@pytest.mark.django_db(transaction=True)
def test_rolled_back_change_takes_an_event_along_that_was_written_prepared(rang):
    emit_until_prepared()
    with transaction.atomic():
        emit(rang)
        transaction.set_rollback(True)
    assert not OutboxEvent.objects.filter(id=rang.id).exists()
    emit_until_prepared()
    assert OutboxEvent.objects.count() == 2 * (PREPARE_AFTER + 1)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_prepared_where_a_pooler_shares_the_connection(settings):
    settings.EVENTBUS_DIRECT_DATABASE = "direct"
    emit_until_prepared()
    assert not prepared_statements()


@pytest.mark.django_db(transaction=True)
def test_djangos_log_of_queries_has_the_text_of_what_is_prepared_otherwise(rang):
    emit_until_prepared()
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        emit(rang)
    assert str(rang.id) in " ".join(query["sql"] for query in asked.captured_queries)


@pytest.mark.django_db
def test_event_written_alone_has_the_row_of_one_written_with_others(rang):
    """Two statements write events: they know the same columns, and read their texts alike."""

    def row_of(event: Rang) -> tuple[object, ...]:
        row = OutboxEvent.objects.get(id=event.id)
        assert (row.envelope.event(), row.occurred_at) == (event, event.occurred_at)
        return row.type, row.version, row.subject, row.causation_id, row.emitted_by, row.data

    alone, *together = (Rang(bell=rang.bell) for _ in range(3))
    emit(alone)
    with collect_events():
        for event in together:
            emit(event)
    assert row_of(alone) == row_of(together[0]) == row_of(together[1])
