"""Outbox and ledger are divided into months, by the event's id."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from shop.bus import emit
from shop.bus.envelope import Envelope
from shop.bus.models import Delivery, OutboxEvent
from shop.bus.months import EVENTS, beginning, first_id, make_ahead, moment_of, month_of, months
from tests.bus.events import Rang

pytestmark = pytest.mark.django_db


def part_of(row: OutboxEvent) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"select tableoid::regclass::text from {EVENTS} where id = %s", [row.pk])
        return cursor.fetchone()[0]


def stated_at(moment: datetime) -> OutboxEvent:
    """An event whose id is of that moment."""
    with transaction.atomic():
        row = OutboxEvent.of(Envelope.around(Rang(bell=uuid4())))
        row.id = row.correlation_id = first_id(moment + timedelta(milliseconds=1))
        row.save(force_insert=True)
    return row


def test_what_is_stated_before_there_are_months_stands_in_the_first_part():
    with transaction.atomic():
        emit(Rang(bell=uuid4()))
    assert part_of(OutboxEvent.objects.get()) == f"{EVENTS}_begin"


def test_the_coming_months_are_made_ahead_and_once():
    last = months()[-1].until
    made = make_ahead()
    assert made == [f"{beginning(last, later):%Y-%m}" for later in range(3)]
    assert make_ahead() == []
    assert [month.name for month in months()] == ["begin", *made]


@pytest.mark.parametrize("second", [-1, 0, 1])
def test_an_event_stands_in_the_month_its_id_begins_with(second):
    first, later = make_ahead()[:2]
    edge = datetime.strptime(later, "%Y-%m").replace(tzinfo=UTC) + timedelta(seconds=second)
    month = later if second >= 0 else first
    assert part_of(stated_at(edge)) == f"{EVENTS}_{month.replace('-', '_')}"


def test_what_no_month_was_made_for_is_kept_and_its_month_is_left_out():
    late = beginning(timezone.now(), later=2)
    assert part_of(stated_at(late)) == f"{EVENTS}_rest"
    assert month_of(late).name not in make_ahead()
    assert len(months()) == 3


def test_an_event_is_delivered_to_a_reaction_once_whatever_month_it_is_of():
    make_ahead()
    for moment in (timezone.now(), beginning(timezone.now(), 1), beginning(timezone.now(), 9)):
        once = {"event": stated_at(moment), "app": "tests", "reaction": "answer"}
        Delivery.objects.create(**once)
        with pytest.raises(IntegrityError, match="duplicate key"), transaction.atomic():
            Delivery.objects.create(**once)


def test_ids_tell_their_moment():
    now = timezone.now().replace(microsecond=5000)
    assert moment_of(first_id(now)) == now
