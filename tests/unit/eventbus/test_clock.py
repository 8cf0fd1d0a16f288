"""Hosts' clocks differ: what is due, leased or claimed goes by the database's alone."""

import ast
import time
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from eventbus import clock, ids, now
from eventbus.console.alerts.rules import RULES
from eventbus.console.hooks import Facts
from eventbus.delivery import ledger, relay
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.history.partitions import time_of
from eventbus.messaging.liveness import Liveness, WorkerActivity
from eventbus.operations.heartbeat import Heartbeat
from eventbus.operations.models import WorkerHeartbeat
from eventbus.testing import emit
from shop.settings import BASE_DIR
from tests.unit.eventbus.brokers import FakeBroker
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.deliveries import emit_rang
from tests.unit.eventbus.events import Knocked

pytestmark = pytest.mark.django_db

#: Where a row's time may come from: here alone is a process's own clock looked at.
CLOCK = BASE_DIR / "eventbus" / "clock.py"
BUS = [
    path
    for path in sorted((BASE_DIR / "eventbus").rglob("*.py"))
    if path != CLOCK and "migrations" not in path.parts
]
#: Names under which Python gives the time of day.
OWN_CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime", "localdate"}
MODULES = {"timezone", "datetime", "date", "time"}


def own_clocks(source: str) -> list[str]:
    """Return where source looks at the process's clock, as `line: name`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in OWN_CLOCKS:
            of = node.value.attr if isinstance(node.value, ast.Attribute) else None
            of = node.value.id if isinstance(node.value, ast.Name) else of
            if of in MODULES:
                found.append(f"{node.lineno}: {of}.{node.attr}")
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "django.utils.timezone"):
            found += [f"{node.lineno}: {n.name}" for n in node.names if n.name in OWN_CLOCKS]
        if isinstance(node, ast.Name | ast.alias) and "uuid7" in (
            getattr(node, "id", ""),
            getattr(node, "name", ""),
        ):
            found.append(f"{node.lineno}: uuid7")
    return found


def test_no_module_of_the_bus_looks_at_its_own_clock():
    found = {path: own_clocks(path.read_text(encoding="utf-8")) for path in BUS}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils import timezone\nrow.at = timezone.now()",
        "from django.utils import timezone\nat = Field(default=timezone.now)",
        "import datetime\ndatetime.datetime.now()",
        "from time import time\ntime()",
        "import time\ntime.time_ns()",
        "from uuid6 import uuid7\nuuid7()",
    ],
)
def test_a_look_at_the_own_clock_is_seen(source):
    assert own_clocks(source)


@pytest.fixture(params=[180, -90], ids=["ahead", "behind"])
def wrong(request, monkeypatch):
    """This process's clock is minutes ahead or behind; how far."""
    by = timedelta(seconds=request.param)

    class Wrong(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + by

    real = time.time_ns
    monkeypatch.setattr(time, "time", lambda: real() / 1e9 + by.total_seconds())
    monkeypatch.setattr(time, "time_ns", lambda: real() + int(by.total_seconds() * 1e9))
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + by)
    monkeypatch.setattr(clock, "datetime", Wrong)
    monkeypatch.setattr(clock, "_last", None)
    clock.read()
    return by


def differs(model, field, **which) -> timedelta:
    """Return how far a time in the only row is from the database's."""
    row = model.objects.filter(**which).annotate(differs=F(field) - Now()).get()
    return abs(row.differs)


SOON = timedelta(seconds=20)


@pytest.mark.parametrize("field", ["occurred_at", "publish_after"])
def test_an_event_of_a_host_with_a_wrong_clock_is_due_at_once_and_says_when_it_was(wrong, field):
    emit_rang()
    assert differs(OutboxEvent, field) < SOON
    assert relay.publish_due(FakeBroker()) == 1


def test_its_id_is_of_the_month_it_was_emitted_in(wrong):
    event = emit_rang()
    assert abs(time_of(event.id) - datetime.now(UTC)) < SOON


def test_what_is_scheduled_from_now_is_due_when_the_database_says_so(wrong):
    emit_rang(publish_after=now() + timedelta(hours=1))
    assert abs(differs(OutboxEvent, "publish_after") - timedelta(hours=1)) < SOON


def test_a_claim_is_held_for_its_time_on_every_host(wrong):
    emit_rang()
    relay.claim()
    assert abs(differs(OutboxEvent, "claimed_until") - relay.LEASE) < timedelta(seconds=10)
    assert relay.claim() == []


def delivery(**fields) -> Delivery:
    return Delivery.objects.filter(**fields).get()


def test_a_call_is_held_for_its_time_on_every_host(wrong, settings):
    settings.EVENTBUS_LEASE = timedelta(minutes=1)
    calls = []

    def call():
        row = delivery(reaction="open_the_door").leased_until
        handle("tests", [Incoming(envelope, redelivered=True)])
        calls.append(row)

    def steps(_):
        yield call

    behaviour["open_the_door"] = steps
    event = Knocked(door=uuid4())
    emit(event)
    [row] = relay.claim()
    envelope = row.envelope
    handle("tests", [Incoming(envelope)])
    assert len(calls) == 1
    assert abs(calls[0] - datetime.now(UTC) - timedelta(minutes=1)) < SOON
    assert delivery(reaction="open_the_door").state == "done"
    assert differs(Delivery, "closed_at", reaction="open_the_door") < SOON


def test_a_retry_is_due_when_the_database_says_so(wrong, settings):
    settings.EVENTBUS_RETRY_BASE = timedelta(seconds=10)

    def fail(_):
        raise LookupError("not today")
        yield

    behaviour["open_the_door"] = fail
    emit(Knocked(door=uuid4()))
    [row] = relay.claim()
    handle("tests", [Incoming(row.envelope)])
    assert delivery(reaction="open_the_door").state == "failed"
    assert differs(Delivery, "resend_at", reaction="open_the_door") < SOON


def test_what_is_unanswered_is_sent_again_when_the_database_says_so(wrong):
    emit_rang()
    relay.publish_due(FakeBroker())
    Delivery.objects.exclude(reaction="answer").delete()
    Delivery.objects.update(resend_at=Now())
    assert relay.resend_due(FakeBroker()) == 1
    assert abs(differs(Delivery, "resend_at") - relay.resend_delay(1)) < SOON


def heartbeat() -> Heartbeat:
    return Heartbeat("tests", 1, lambda: WorkerActivity(0, []), Liveness("tests"))


def test_a_sign_of_life_tells_how_the_clocks_differ(wrong):
    heartbeat().send()
    assert differs(WorkerHeartbeat, "seen_at") < SOON
    assert WorkerHeartbeat.objects.get().clock_ahead == pytest.approx(wrong.total_seconds(), abs=5)


def test_operators_are_told_of_a_host_whose_clock_differs(wrong):
    heartbeat().send()
    [rule] = [rule for rule in RULES if rule.name == "wrong clock"]
    [found] = rule.look(Facts())
    said = "ahead of" if wrong > timedelta() else "behind"
    assert f"s {said} the database's" in found.message
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("workers", stdout=out)
    assert found.message in out.getvalue()


def test_nor_is_anybody_told_of_one_that_is_right():
    heartbeat().send()
    [rule] = [rule for rule in RULES if rule.name == "wrong clock"]
    assert list(rule.look(Facts())) == []


def test_a_clock_that_is_set_while_a_process_runs_changes_nothing(monkeypatch):
    clock.read()

    class Set(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(days=400)

    monkeypatch.setattr(clock, "datetime", Set)
    assert abs(time_of(emit_rang().id) - datetime.now(UTC)) < SOON


def test_a_process_that_connects_knows_the_time(monkeypatch):
    monkeypatch.setattr(clock, "_last", None)
    clock.read_when_connected(connection)
    known = clock._last
    clock.read_when_connected(connection)
    assert known is not None
    assert clock._last is known


def test_ids_keep_the_order_in_which_they_were_made(monkeypatch):
    moment = clock.now()
    made = [ids.new_id(moment) for _ in range(50)]
    assert made == sorted(made)


def test_but_not_that_of_a_clock_that_was_wrong():
    ids.new_id(clock.now() + timedelta(days=400))
    assert abs(time_of(ids.new_id(clock.now())) - clock.now()) < SOON


def test_making_deliveries_reckons_from_the_databases_clock(wrong, settings):
    settings.EVENTBUS_OVERDUE_AFTER = timedelta(minutes=5)
    emit_rang()
    ledger.create_deliveries(OutboxEvent.objects.all())
    Delivery.objects.exclude(reaction="answer").delete()
    assert abs(differs(Delivery, "resend_at") - timedelta(minutes=5)) < SOON
