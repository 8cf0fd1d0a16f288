"""Events of a type that is gone from the code: seen, parked and given up, hiding nothing else."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now
from django.urls import reverse

from eventbus.console.alerts.evaluation import evaluate_rules
from eventbus.console.alerts.rules import RULES
from eventbus.console.events import AlertRaised
from eventbus.console.hooks import Facts
from eventbus.delivery import relay
from eventbus.delivery.models import Delivery, OperatorAction, OutboxEvent
from eventbus.history.archive.archive_checks import check_archivable
from eventbus.history.partitions import existing_partitions
from eventbus.operations import failures, metrics, unknown_events
from eventbus.testing import emitted
from shop.audit.models import AuditRun
from tests.unit.eventbus.brokers import FakeBroker
from tests.unit.eventbus.deliveries import emit_rang

pytestmark = pytest.mark.django_db

GONE = "tests.Gone"
AN_HOUR_AGO = Now() - timedelta(hours=1)


def late(type):
    """An event of this type that is due for an hour."""
    event = emit_rang()
    OutboxEvent.objects.filter(id=event.id).update(type=type, publish_after=AN_HOUR_AGO)


@pytest.fixture
def gone():
    """Events of a type that no code knows."""
    for _ in range(3):
        late(GONE)


def raised():
    return {(alert.rule, alert.about) for alert in emitted(AlertRaised)}


def test_an_outage_is_told_of_while_events_of_a_gone_type_wait(gone):
    evaluate_rules()
    assert raised() == {("unknown events", GONE)}
    late("tests.Rang")
    evaluate_rules()
    assert raised() == {("unknown events", GONE), ("outbox lag", "")}


def test_each_gone_type_is_told_of_by_itself(gone):
    evaluate_rules()
    late("tests.Lost")
    evaluate_rules()
    assert raised() == {("unknown events", GONE), ("unknown events", "tests.Lost")}


def test_each_broken_rule_of_an_audit_is_told_of_by_itself():
    findings = [
        {"rule": rule, "violations": 1, "promise": "lost", "examples": []} for rule in ("a", "b")
    ]
    for some in (findings[:1], findings):
        AuditRun.objects.create(by="olga", finished_at=Now(), findings=some)
        evaluate_rules()
    assert raised() == {("audit failure", "a"), ("audit failure", "b")}


def test_they_are_no_lag_of_the_relay(gone):
    assert metrics.outbox().backlog == 0


def test_parked_ones_are_among_what_failed_and_in_nobodys_way(gone):
    assert unknown_events.park(GONE, by="olga") == 3
    assert failures.failed_or_parked("relay").count() == 3
    [each] = unknown_events.unknown_types()
    assert (each.waiting, each.parked) == (0, 3)
    [rule] = [rule for rule in RULES if rule.name == "unknown events"]
    assert list(rule.look(Facts())) == []


def test_parked_ones_are_published_when_they_are_retried_and_code_knows_them(gone):
    unknown_events.park(GONE, by="olga")
    OutboxEvent.objects.update(type="tests.Rang")
    failures.retry(failures.failed_or_parked("relay"), by="olga")
    broker = FakeBroker()
    relay.resend_due(broker)
    assert relay.publish_due(broker) == 3
    assert not Delivery.objects.filter(app="relay").exists()


@pytest.mark.parametrize("was_parked", [False, True])
def test_discarded_ones_are_over_and_tell_nothing_any_more(gone, was_parked):
    if was_parked:
        unknown_events.park(GONE, by="olga")
    assert unknown_events.discard(GONE, by="olga", reason="the app is gone") == 3
    assert unknown_events.unknown_types() == []
    rows = OutboxEvent.objects.all()
    assert all(row.data == {} and row.published_at and row.redacted_at for row in rows)
    noted = OperatorAction.objects.get(kind="discarded", delivery_id=None)
    assert (noted.by, GONE in noted.reason) == ("olga", True)


def test_discarded_ones_keep_no_month_from_the_archive(gone):
    unknown_events.discard(GONE, by="olga", reason="the app is gone")
    check_archivable(existing_partitions()[0])


@pytest.mark.parametrize("change", ["park", "discard"])
@pytest.mark.parametrize(
    ("type", "why"), [("tests.Rang", "is known here"), ("tests.Never", "no event of type")]
)
def test_a_type_that_is_known_or_of_which_nothing_waits_is_refused(gone, change, type, why):
    with pytest.raises(CommandError, match=why):
        call_command("unknown_events", change, type, "--reason", "why")
    assert OutboxEvent.objects.filter(published_at=None).count() == 3


def run(*arguments):
    out = StringIO()
    call_command("unknown_events", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_shows_parks_and_discards(gone):
    assert GONE in run("list")
    [shown] = json.loads(run("list", "--json"))
    assert (shown["type"], shown["waiting"]) == (GONE, 3)
    assert run("park", GONE) == "3 parked\n"
    assert run("discard", GONE, "--reason", "gone") == "3 discarded\n"
    assert "this code knows" in run("list")


@pytest.mark.parametrize("action", ["park", "discard"])
def test_the_console_shows_parks_and_discards(operator, gone, action):
    assert GONE in operator.get(reverse("console:throughput")).content.decode()
    form = {"type": GONE, "action": action, "reason": "gone"}
    answer = operator.post(reverse("console:change_unknown"), form, follow=True)
    assert f"3 events of type {GONE} are {action}" in answer.content.decode()
    assert not OutboxEvent.objects.filter(published_at=None, type=GONE).exists()


def test_the_console_takes_no_decision_without_a_reason(operator, gone):
    form = {"type": GONE, "action": "discard", "reason": ""}
    assert operator.post(reverse("console:change_unknown"), form).status_code == 422
    assert OutboxEvent.objects.filter(published_at=None, type=GONE).count() == 3
