"""Outbox and ledger are divided into months, by the event's id."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.functions import Now
from django.db.utils import IntegrityError
from django.utils import timezone

from eventbus.console.alerts.rules import RULES
from eventbus.console.hooks import Facts
from eventbus.delivery import relay
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.envelope import Envelope
from eventbus.history.archive import archive
from eventbus.history.models import Redaction
from eventbus.history.partitions import (
    DELIVERIES,
    EVENTS,
    TABLES,
    create_upcoming,
    existing_partitions,
    first_id,
    misplaced,
    month_start,
    partition_of,
    time_of,
)
from eventbus.messaging.startup_checks import require_migrated
from eventbus.testing import emit, given
from tests.databases import drop_months
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.events import Knocked, Rang

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_months_yet():
    drop_months()


def part_of(row: OutboxEvent) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"select tableoid::regclass::text from {EVENTS} where id = %s", [row.pk])
        return cursor.fetchone()[0]


def occurred_at(moment: datetime) -> OutboxEvent:
    """An event whose id is of that moment."""
    with transaction.atomic():
        row = OutboxEvent.of(Envelope.around(Rang(bell=uuid4())))
        row.id = row.correlation_id = first_id(moment + timedelta(milliseconds=1))
        row.save(force_insert=True)
    return row


def test_what_is_emitted_before_there_are_months_stands_in_the_first_part():
    with transaction.atomic():
        emit(Rang(bell=uuid4()))
    assert part_of(OutboxEvent.objects.get()) == f"{EVENTS}_initial"


def test_the_coming_months_are_made_ahead_and_once():
    last = existing_partitions()[-1].until
    made = create_upcoming()
    assert made == [f"{month_start(last, later):%Y-%m}" for later in range(3)]
    assert create_upcoming() == []
    assert [month.name for month in existing_partitions()] == ["initial", *made]


@pytest.mark.parametrize("second", [-1, 0, 1])
def test_an_event_stands_in_the_month_its_id_begins_with(second):
    first, later = create_upcoming()[:2]
    edge = datetime.strptime(later, "%Y-%m").replace(tzinfo=UTC) + timedelta(seconds=second)
    month = later if second >= 0 else first
    assert part_of(occurred_at(edge)) == f"{EVENTS}_{month.replace('-', '_')}"


#: Moments of which nobody made the month: all was off for long, or a clock was wrong.
LONG_AGO, SOON = datetime(1999, 5, 17, tzinfo=UTC), month_start(timezone.now(), later=2)
STRANDED = [LONG_AGO, SOON, datetime(2071, 5, 17, tzinfo=UTC)]


@pytest.fixture
def no_beginning():
    """The first part is archived: what is of long ago has no place there any more."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"alter table {table} detach partition {table}_initial")


@pytest.fixture(params=STRANDED, ids=lambda moment: f"{moment:%Y-%m}")
def stranded_row(request, no_beginning):
    row = occurred_at(request.param)
    Delivery.objects.create(event=row, app="tests", reaction="answer")
    assert part_of(row) == f"{EVENTS}_default"
    return row


def test_what_stood_in_no_month_moves_into_its_own_as_soon_as_that_is_made(stranded_row):
    month = partition_of(time_of(stranded_row.id))
    assert month.name in create_upcoming()
    assert part_of(stranded_row) == month.tables[0]
    assert [row.event_id for row in Delivery.objects.all()] == [stranded_row.id]
    assert month in existing_partitions()
    assert misplaced() == []


def test_also_what_a_redaction_has_as_its_cause(stranded_row):
    Redaction.objects.create(subjects=["ada"], cause=stranded_row)
    assert partition_of(time_of(stranded_row.id)).name in create_upcoming()
    connection.check_constraints()
    assert Redaction.objects.get().cause == stranded_row


def test_what_stands_in_no_month_is_seen_and_then_archived_like_the_rest(stranded_row, tmp_path):
    name = partition_of(time_of(stranded_row.id)).name
    [found] = beside()
    assert name in found.message
    with pytest.raises(SystemExit):
        call_command("partitions", stdout=StringIO())
    out = StringIO()
    call_command("partitions", "--make", stdout=out)
    assert name in out.getvalue()
    assert beside() == []
    OutboxEvent.objects.update(published_at=Now())
    Delivery.objects.update(state="done")
    [month] = [month for month in existing_partitions() if month.name == name]
    assert archive(month, tmp_path).events == 1


def beside():
    [rule] = [rule for rule in RULES if rule.name == "beside the months"]
    return list(rule.look(Facts()))


def test_more_than_can_be_moved_in_passing_waits_for_a_person(stranded_row):
    name = partition_of(time_of(stranded_row.id)).name
    assert name not in create_upcoming(at_most=1)
    assert part_of(stranded_row) == f"{EVENTS}_default"
    assert name in create_upcoming(at_most=2)


def test_an_id_of_no_time_at_all_harms_nothing(no_beginning):
    row = occurred_at(timezone.now())
    OutboxEvent.objects.filter(pk=row.pk).update(id=UUID(int=2**128 - 1))
    assert len(create_upcoming()) == 4
    assert misplaced() == []


@pytest.mark.parametrize("start", [require_migrated, lambda: call_command("declare_topology")])
def test_months_are_made_before_anything_else_when_a_program_starts(start, monkeypatch):
    monkeypatch.setattr("eventbus.messaging.startup_checks.connection.close", lambda: None)
    monkeypatch.setattr("eventbus.messaging.topology.declare", list)
    start()
    assert create_upcoming() == []
    assert len(existing_partitions()) == 4


def test_an_event_is_delivered_to_a_reaction_once_whatever_month_it_is_of():
    create_upcoming()
    for moment in (timezone.now(), month_start(timezone.now(), 1), month_start(timezone.now(), 9)):
        once = {"event": occurred_at(moment), "app": "tests", "reaction": "answer"}
        Delivery.objects.create(**once)
        with pytest.raises(IntegrityError, match="duplicate key"), transaction.atomic():
            Delivery.objects.create(**once)


def test_what_a_worker_asks_of_deliveries_is_asked_of_the_month_of_its_event_alone():
    create_upcoming()
    behaviour["open_the_door"] = lambda _: (yield lambda: "key")
    given(Knocked(door=uuid4()), to="tests")
    row = Delivery.objects.select_related("event").get(app="tests")
    months_read: list[set[str]] = []

    def note(execute, sql, params, many, context):
        if DELIVERIES in sql:
            with connection.connection.cursor() as cursor:
                plan = cursor.execute(f"explain {sql}", params).fetchall()
            months_read.append(set(re.findall(rf" on ({DELIVERIES}_\w+)", str(plan))))
        return execute(sql, params, many, context)

    Delivery.objects.filter(pk=row.pk).update(state="waiting")
    with connection.execute_wrapper(note):
        handle("tests", [Incoming(row.event.envelope, redelivered=True)])
    assert max(map(len, months_read)) == 1


@pytest.mark.parametrize("plan", ["custom", "generic"])
def test_a_claim_writes_to_the_months_of_its_events_alone(plan):
    """Its statement is prepared: planned for its parameters at first, and once for all later."""
    create_upcoming()
    occurred_at(timezone.now())
    plans = []

    def note(execute, sql, params, many, context):
        cursor = psycopg.Cursor(connection.connection)
        cursor.execute(f"set local plan_cache_mode = force_{plan}_plan")
        explained = cursor.execute(f"explain (analyze, format json) {sql}", params)
        plans.append(explained.fetchone()[0][0]["Plan"])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        relay.claim()
    [claimed] = [node for node in nodes(plans[0]) if node.get("Operation") == "Update"]
    read = {node["Relation Name"] for node in nodes(claimed) if is_read(node)}
    assert len(read) == 1


def nodes(plan):
    return [plan, *(node for below in plan.get("Plans", ()) for node in nodes(below))]


def is_read(node):
    return node["Node Type"].endswith("Scan") and "Relation Name" in node and node["Actual Loops"]


def test_ids_tell_their_moment():
    now = timezone.now().replace(microsecond=5000)
    assert time_of(first_id(now)) == now
