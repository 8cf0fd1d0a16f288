"""Lag, now and over time; who is late; which workers are there."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from eventbus.console.charts import BOTTOM, HEIGHT, TOP, Frame, Line, chart
from eventbus.console.lag import SPANS
from eventbus.delivery.models import Delivery
from eventbus.operations import metrics
from eventbus.operations.models import DeployedVersion, ThroughputMinute, WorkerHeartbeat
from eventbus.operations.throughput import BUCKETS
from tests.unit.console.history import add_event, reacted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    """Each test has a `NOW` of its own: pages look back from the moment they are asked for."""
    global NOW
    NOW = timezone.now().replace(second=0, microsecond=0)


def minute(ago, done=60, app="billing", bucket=1):
    latency_histogram = [0] * (len(BUCKETS) + 1)
    latency_histogram[bucket] = done
    at = NOW - timedelta(minutes=ago)
    return ThroughputMinute.objects.create(
        minute=at, app=app, done=done, attempts=done, latency_histogram=latency_histogram
    )


def page(client, name="lag", **query):
    answer = client.get(reverse(f"console:{name}"), query)
    assert answer.status_code == 200
    return answer


def of(answer, app="billing"):
    return next(lag for lag in answer.context["lags"] if lag.waiting.app == app)


def test_each_app_shows_what_waits_and_how_fast_it_is(operator):
    minute(1)
    reacted(add_event("orders.OrderPlaced", uuid4()), "billing.authorize", "waiting")
    lag = of(page(operator))
    assert (lag.waiting.waiting, lag.per_minute) == (1, 12.0)
    assert lag.now.p50 == pytest.approx(15, abs=5)


@pytest.mark.parametrize("span", SPANS)
def test_it_can_be_looked_back_at_in_steps(operator, span):
    minute(1)
    answer = page(operator, span=span)
    assert answer.context["span"] == span
    assert len(of(answer).charts) == 2


def test_a_span_there_is_none_of_shows_the_usual_one(operator):
    assert page(operator, span="'").context["span"] == "1 hour"


def test_a_new_version_is_marked(operator):
    DeployedVersion.objects.create(app="billing", version="2.0", since=NOW - timedelta(minutes=9))
    DeployedVersion.objects.create(app="shipping", version="3.0", since=NOW - timedelta(days=9))
    answer = page(operator)
    assert [mark.label for mark in of(answer).charts[0].marks] == ["2.0"]
    assert "version 3.0" not in answer.content.decode()


def test_with_the_broker_away_the_page_says_so_and_shows_the_rest(operator, monkeypatch):
    def away():
        raise OperationalError("no broker")

    monkeypatch.setattr(metrics, "depths", away)
    answer = page(operator)
    assert "The broker does not answer" in answer.content.decode()
    assert of(answer).depth is None


def frame(minutes=60):
    return Frame(NOW - timedelta(minutes=minutes), NOW, timedelta(minutes=1))


def drawn(points, **more):
    line = Line("p50", [(NOW - timedelta(minutes=ago), value) for ago, value in points])
    return chart("time", [line], frame(), spelled=str, **more)


def test_a_line_is_broken_where_nothing_was_measured():
    path = drawn([(10, 5.0), (9, 5.0), (5, 5.0)]).lines[0].path
    assert path.count("M") == 2
    assert path.count("L") == 1


def test_everything_is_drawn_inside_its_frame():
    for logarithmic in (True, False):
        found = drawn([(60, 0.0), (30, 10.0), (0, 3_600_000.0)], logarithmic=logarithmic)
        heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", found.lines[0].path)]
        assert len(heights) == 3
        assert all(TOP <= y <= HEIGHT - BOTTOM for y in heights)
        assert all(TOP <= tick.at <= HEIGHT - BOTTOM for tick in found.heights)


def test_an_empty_chart_can_be_drawn():
    assert drawn([]).lines[0].path == ""


def test_who_is_late_is_listed_by_reaction_and_singly(operator):
    row = reacted(add_event("orders.OrderPlaced", uuid4()), "analytics.count_event", "waiting")
    assert "Everybody has reacted in time" in page(operator, "overdue").content.decode()
    Delivery.objects.update(waiting_since=NOW - timedelta(hours=1))
    text = page(operator, "overdue").content.decode()
    assert "analytics.count_event" in text
    assert f"#{row.id}<" in text


def worker(app, handled_ago=0, seen_ago=0, **facts):
    usual = {"version": "1.2", "concurrency": 2, "handled": 1234, "memory": 50_000_000}
    return WorkerHeartbeat.objects.create(
        app=app,
        host="one",
        pid=7,
        started_at=NOW - timedelta(days=1),
        seen_at=timezone.now() - timedelta(minutes=seen_ago),
        handled_at=NOW - timedelta(minutes=handled_ago),
        running=["orders.OrderPlaced"],
        **{**usual, **facts},
    )


def test_workers_are_listed_with_what_they_do(operator):
    worker("billing")
    text = page(operator, "workers").content.decode()
    for shown in ("billing@one", "alive", "1.2", "1,234", "orders.OrderPlaced", "47.7"):
        assert shown in text


def test_a_worker_that_hears_nothing_is_stalled_and_one_that_left_is_gone(operator):
    worker("billing", handled_ago=10)
    worker("shipping", seen_ago=10)
    reacted(add_event("orders.OrderPlaced", uuid4()), "billing.authorize", "waiting")
    Delivery.objects.update(waiting_since=timezone.now() - timedelta(minutes=9, seconds=1))
    text = page(operator, "workers").content.decode()
    assert "stalled: an event waits since 9" in text
    assert 'class="lost"' in text
    assert "No worker of <strong>shipping</strong>" in text
    assert "No worker of <strong>billing</strong>" not in text
