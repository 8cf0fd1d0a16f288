"""What waits and what was done, counted once."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from eventbus.delivery import pause
from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.operations import metrics, throughput
from eventbus.operations.models import ThroughputMinute
from eventbus.operations.throughput import BUCKETS, aggregate, downsample
from tests.unit.eventbus.events import Rang
from tests.unit.eventbus.ids import event_id
from tests.unit.eventbus.test_pausing import publish

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def done(at, took_ms=100, attempts=1, reaction="answer", **event):
    """A reaction that took effect `at`, so long after its event was emitted."""
    occurred_at = at - timedelta(milliseconds=took_ms)
    row = OutboxEvent.objects.create(
        id=event_id(occurred_at),
        type=Rang.type,
        version=1,
        subject="bell",
        correlation_id=uuid4(),
        data={},
        **{"occurred_at": occurred_at, "publish_after": occurred_at, "published_at": occurred_at}
        | event,
    )
    return Delivery.objects.create(
        event=row,
        app="tests",
        reaction=reaction,
        state="done",
        attempts=attempts,
        created_at=occurred_at,
        closed_at=at,
    )


def counted(**which):
    of_apps = ThroughputMinute.objects.exclude(app="")
    rows = of_apps.filter(**which or {"event_type": Rang.type}).order_by("minute", "reaction")
    return [(row.minute, row.reaction, row.done, row.attempts) for row in rows]


def all_counted():
    while aggregate():
        pass
    return counted()


def test_what_was_done_is_counted_by_minute_and_reaction():
    done(NOON)
    done(NOON + timedelta(seconds=59), attempts=3)
    done(NOON + timedelta(seconds=60), reaction="wake_the_dog")
    assert all_counted() == [
        (NOON, "answer", 2, 4),
        (NOON + timedelta(minutes=1), "wake_the_dog", 1, 1),
    ]
    assert metrics.reactions_done() == 3


def test_counting_again_counts_nothing_twice():
    done(NOON)
    all_counted()
    assert all_counted() == [(NOON, "answer", 1, 1)]


def test_what_was_committed_late_is_counted_too():
    done(NOON + timedelta(minutes=1))
    all_counted()
    done(NOON + timedelta(seconds=30))
    assert [count for _, _, count, _ in all_counted()] == [1, 1]


def test_a_long_silence_stops_no_counting():
    done(NOON)
    all_counted()
    done(NOON + timedelta(days=3))
    done(NOON + timedelta(days=3, hours=5))
    assert len(all_counted()) == 3


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_much_is_counted_little_by_little(monkeypatch, at_once):
    monkeypatch.setattr(throughput, "AT_ONCE", at_once)
    for seconds in (0, 1, 2, 60, 61, 4000, 9000):
        done(NOON + timedelta(seconds=seconds))
    assert aggregate() is True
    assert [count for _, _, count, _ in all_counted()] == [3, 2, 1, 1]


def test_what_is_not_done_is_not_counted():
    done(NOON)
    Delivery.objects.update(state="parked")
    assert all_counted() == []


def test_old_minutes_become_hours_and_the_sum_stays():
    for minutes in (0, 1, 2, 59, 60, 61):
        done(NOON + timedelta(minutes=minutes), attempts=2)
    done(NOON + timedelta(days=2))
    all_counted()
    for _ in range(2):
        downsample()
        assert counted() == [
            (NOON, "answer", 4, 8),
            (NOON + timedelta(hours=1), "answer", 2, 4),
            (NOON + timedelta(days=2), "answer", 1, 1),
        ]
    assert counted(event_type="")[0] == (NOON, "", 4, 8)
    assert {sum(row.latency_histogram) for row in ThroughputMinute.objects.filter(minute=NOON)} == {
        4
    }
    assert all_counted()[0] == (NOON, "answer", 4, 8)
    assert metrics.reactions_done() == 7


def test_reactions_are_known_by_the_minute_for_two_hours_and_apps_for_a_day():
    for hours in (0, 20, 23, 26):
        done(NOON + timedelta(hours=hours, minutes=1))
        done(NOON + timedelta(hours=hours, minutes=2))
    all_counted()
    downsample()
    assert [count for _, _, count, _ in counted()] == [2, 2, 2, 1, 1]
    assert [count for _, _, count, _ in counted(event_type="")] == [2, 1, 1, 1, 1, 1, 1]


def test_relays_take_turns():
    other = connection.copy()
    done(NOON)
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(4208173)")
            assert aggregate() is False
            assert counted() == []
            # Before it closes: the server lets go of a closed connection's locks in its own time.
            cursor.execute("select pg_advisory_unlock(4208173)")
    finally:
        other.close()
    assert all_counted()


def test_percentiles_are_of_the_time_from_emitted_to_done():
    for _ in range(90):
        done(NOON, took_ms=15)
    for _ in range(10):
        done(NOON, took_ms=7_000)
    all_counted()
    (point,) = metrics.series(NOON)
    assert (point.app, point.at, point.done, point.failures) == ("tests", NOON, 100, 0)
    assert 10 <= point.p50 < 20
    assert 5_000 <= point.p95 < point.p99 <= 10_000


def test_an_event_of_the_past_begins_to_wait_when_it_is_fed_to_a_new_reaction():
    row = done(NOON, took_ms=86_400_000)
    Delivery.objects.update(created_at=NOON - timedelta(milliseconds=15))
    all_counted()
    (point,) = metrics.series(NOON)
    assert point.p99 <= 20, row


def test_longer_than_the_highest_bound_is_as_long_as_that():
    assert metrics.percentiles([0] * len(BUCKETS) + [1])["p50"] == BUCKETS[-1]
    assert metrics.percentiles([0] * (len(BUCKETS) + 1))["p50"] is None


def test_steps_of_time_can_be_longer():
    for minutes in range(10):
        done(NOON + timedelta(minutes=minutes), attempts=2)
    all_counted()
    points = metrics.series(NOON, step=timedelta(minutes=5))
    assert [(each.at, each.done, each.failures) for each in points] == [
        (NOON, 5, 5),
        (NOON + timedelta(minutes=5), 5, 5),
    ]


def events_stated(since):
    return metrics.emitted(since)[Rang.type].events


def test_rates_are_by_event_and_reaction():
    done(NOON)
    done(NOON + timedelta(minutes=3), attempts=3)
    all_counted()
    (rate,) = metrics.rates(NOON)
    assert (rate.event_type, rate.app, rate.reaction) == (Rang.type, "tests", "answer")
    assert (rate.done, rate.failures, rate.last) == (2, 2, NOON + timedelta(minutes=3))
    assert events_stated(NOON - timedelta(minutes=1)) == 2


def test_what_was_emitted_is_known_at_once_and_after_it_was_counted():
    now = timezone.now()
    for minutes in (10, 10, 1, 0):
        done(now - timedelta(minutes=minutes))
    for _ in range(2):
        assert events_stated(now - timedelta(hours=1)) == 4
        all_counted()
    done(now - timedelta(minutes=1))
    assert events_stated(now - timedelta(hours=1)) == 5
    assert events_stated(now - timedelta(minutes=5)) == 3


def test_what_was_emitted_some_minutes_ago_is_not_counted_again():
    now = timezone.now()
    done(now - timedelta(minutes=10))
    done(now)
    all_counted()
    Delivery.objects.all().delete()
    OutboxEvent.objects.all().delete()
    assert events_stated(now - timedelta(hours=1)) == 1


def test_counts_of_what_was_emitted_are_no_reactions():
    done(timezone.now())
    all_counted()
    hour_ago = timezone.now() - timedelta(hours=1)
    assert {rate.app for rate in metrics.rates(hour_ago)} == {"tests"}
    assert {point.app for point in metrics.series(hour_ago)} == {"tests"}
    assert metrics.reactions_done() == 1


def test_counts_of_what_was_emitted_hide_nothing_that_is_still_to_be_counted():
    now = timezone.now()
    done(now).delete()
    all_counted()
    done(now - timedelta(minutes=10))
    assert len(all_counted()) == 1


def test_what_waits_is_counted_by_app(rang):
    publish(rang)
    Delivery.objects.filter(reaction="answer").update(state="failed")
    pause.pause("tests", "wake_the_dog", by="Ada", reason="why")
    mine = {each.app: each for each in metrics.backlogs()}["tests"]
    assert (mine.waiting, mine.failed, mine.parked) == (1, 1, 0)
    assert mine.oldest == min(Delivery.objects.values_list("waiting_since", flat=True))
    assert mine.paused == {"wake_the_dog"}
    Delivery.objects.update(state="parked")
    mine = {each.app: each for each in metrics.backlogs()}["tests"]
    assert (mine.waiting, mine.failed, mine.parked, mine.oldest) == (0, 0, 2, None)


def test_the_backlog_of_the_outbox_is_what_is_due(rang):
    assert metrics.outbox() == metrics.Outbox(0, None)
    done(timezone.now(), published_at=None)
    done(timezone.now(), published_at=None, publish_after=timezone.now() + timedelta(hours=1))
    assert metrics.outbox().backlog == 1


def test_counting_what_waits_takes_a_fixed_number_of_queries(django_assert_num_queries):
    with django_assert_num_queries(3):
        metrics.backlogs()


def run(*arguments):
    out = StringIO()
    call_command("lag", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_shows_each_app_and_the_outbox(rang):
    publish(rang)
    done(timezone.now(), took_ms=15)
    all_counted()
    (line,) = [line for line in run().splitlines() if line.startswith("tests ")]
    assert line.split()[:4] == ["tests", "0", "2", "0"]
    report = json.loads(run("--json"))
    mine = next(app for app in report["apps"] if app["app"] == "tests")
    assert (mine["waiting"], mine["queue"], mine["p50"] < 20) == (2, 0, True)
    assert set(report["outbox"]) == {"backlog", "oldest"}
