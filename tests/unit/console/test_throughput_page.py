"""Throughput and latency, budgets; who is late; which workers are there."""

import re
from datetime import UTC, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from eventbus.console.throughput.time_range import PRESETS
from eventbus.delivery.models import Delivery, OperatorAction
from eventbus.operations import metrics
from eventbus.operations.models import (
    DeployedVersion,
    ServiceLevel,
    ThroughputMinute,
    WorkerHeartbeat,
)
from eventbus.operations.service_levels import set_level
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


def page(client, name="throughput", status=200, **query):
    answer = client.get(reverse(f"console:{name}"), query)
    assert answer.status_code == status
    return answer


def of(answer, app="billing"):
    return next(row for row in answer.context["page"].rows if row.app == app)


def ago(**span):
    """A moment as an address has it."""
    return f"{NOW.astimezone(UTC) - timedelta(**span):%Y-%m-%dT%H:%MZ}"


def test_each_app_shows_what_waits_and_how_fast_it_is(operator):
    minute(1)
    reacted(add_event("orders.OrderPlaced", uuid4()), "billing.authorize", "waiting")
    row = of(page(operator))
    assert (row.waiting.waiting, row.per_minute) == (1, 12.0)
    assert row.now.p50 == pytest.approx(15, abs=5)


@pytest.mark.parametrize("span", PRESETS)
def test_it_can_be_looked_back_at_in_steps(operator, span):
    minute(2)
    answer = page(operator, span=span)
    time = answer.context["time"]
    assert time.preset == span
    assert time.until - time.since >= PRESETS[span][1]
    assert len(time.steps) <= 85
    assert of(answer).charts.done.count("Z") == 1


def test_a_range_of_its_own_is_shown_in_finer_steps(operator):
    minute(70)
    time = page(operator, since=ago(minutes=90), until=ago(minutes=60)).context["time"]
    assert (time.since, time.until) == (NOW - timedelta(minutes=90), NOW - timedelta(minutes=60))
    assert time.step == timedelta(minutes=1)


def test_from_a_part_the_way_leads_back_to_more(operator):
    answer = page(operator, since=ago(minutes=40), until=ago(minutes=30), app="billing")
    links = dict(answer.context["links"])
    assert links[
        "wider"
    ] == f"?since={ago(minutes=50)}&until={ago(minutes=20)}&app=billing".replace(":", "%3A")
    assert set(links) == {"earlier", "wider", "later"}
    assert "later" not in dict(page(operator).context["links"])


def test_a_time_without_a_zone_is_that_of_the_page(operator):
    local = timezone.localtime(NOW)
    since, until = (f"{local - timedelta(minutes=m):%Y-%m-%dT%H:%M}" for m in (20, 10))
    time = page(operator, since=since, until=until).context["time"]
    assert time.since == NOW - timedelta(minutes=20)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"span": "'"}, "Choose one of 1h, 6h, 24h, 7d."),
        ({"since": "yesterday"}, "From: Write a time as"),
        ({"since": "2026-13-01T00:00"}, "From: Write a time as"),
        ({"until": "9"}, "To: Write a time as"),
        ({"until": "2026-05-04T14:05"}, "From: Say from when, too."),
        ({"since": "2026-05-04T14:05", "until": "2026-05-04T14:05"}, "To: It must be at least"),
        ({"since": "9999-12-31T23:59Z"}, "From: That is not two minutes ago yet."),
        ({"since": "0001-01-01T00:00"}, "From: That is more than ten years ago."),
        ({"since": "2020-01-01T00:00Z", "until": "2026-01-01T00:00Z"}, "From: At most a year"),
        ({"app": "nobody"}, "Apps: No app is called nobody."),
        ({"app": "<b>"}, "No app is called &lt;b&gt;."),
    ],
)
def test_what_cannot_be_shown_is_said_at_its_field_and_the_last_hour_is_shown(
    operator, query, message
):
    for name in ("throughput", "figures"):
        answer = page(operator, name, status=422, **query)
        assert message in answer.content.decode()
        assert answer.context["time"].preset == "1h"


def test_apps_can_be_picked_out(operator):
    rows = page(operator, app=["billing", "shipping"]).context["page"].rows
    assert [row.app for row in rows] == ["billing", "shipping"]


def test_what_is_kept_by_the_hour_is_said_so(operator):
    said = "kept by the hour"
    assert said in page(operator, span="7d").content.decode()
    assert said not in page(operator, span="24h").content.decode()


def test_all_apps_are_drawn_on_the_same_scales(operator):
    minute(5, done=900)
    minute(5, done=9, app="shipping", bucket=8)
    answer = page(operator)
    heights = {
        app: float(re.search(r"V([\d.]+)", of(answer, app).charts.done)[1])
        for app in ("billing", "shipping")
    }
    assert heights["billing"] < 20 < 60 < heights["shipping"] < 65
    scales = answer.context["page"].scales
    assert [tick.label for tick in scales.rate.ticks] == ["0", "500", "1,000"]
    assert scales.latency.ticks[0].label == "10 ms"


def test_attempts_that_failed_stand_upon_what_was_done(operator):
    row = minute(5, done=900)
    ThroughputMinute.objects.filter(pk=row.pk).update(attempts=950)
    charts = of(page(operator)).charts
    done, failed = (re.findall(r"V([\d.]+)", path) for path in (charts.done, charts.failed))
    assert failed[1] == done[0]
    assert float(failed[0]) < float(done[0])


def test_what_is_above_the_budget_is_marked(operator):
    minute(9, bucket=10)
    minute(5)
    charts = of(page(operator)).charts
    assert charts.late.count("Z") == 1
    assert charts.latency_words.endswith("1 of 2 steps above the budget")
    set_level("billing", latency=timedelta(minutes=1), share=0.99, by="olga", reason="slow bank")
    assert of(page(operator)).charts.late == ""


def test_a_new_version_is_marked(operator):
    DeployedVersion.objects.create(app="billing", version="2.0", since=NOW - timedelta(minutes=9))
    DeployedVersion.objects.create(app="shipping", version="3.0", since=NOW - timedelta(days=9))
    answer = page(operator)
    assert [release.version for release in of(answer).releases] == ["2.0"]
    assert 'aria-label="billing 2.0, released' in answer.content.decode()
    assert "3.0" not in answer.content.decode()


def test_the_line_that_follows_the_pointer_has_the_spelled_figures(operator):
    minute(2, done=1570)
    address = re.search(r'data-throughput="([^"]*)"', page(operator).content.decode())[1]
    figures = operator.get(unescape(address)).json()
    (step,) = figures["apps"]["billing"].values()
    assert step[0] == "1,570/min"
    assert len(figures["times"]) == 60


def test_the_same_stands_in_a_table(operator):
    minute(2, done=1570)
    minute(3, bucket=10, app="shipping")
    text = page(operator, "figures").content.decode()
    assert text.index("1,570/min") < text.index("60/min")
    assert (
        "billing"
        not in page(operator, "figures", app="shipping").content.decode().split("<table")[1]
    )


def test_with_the_broker_away_the_page_says_so_and_shows_the_rest(operator, monkeypatch):
    def away():
        raise OperationalError("no broker")

    monkeypatch.setattr(metrics, "depths", away)
    answer = page(operator)
    assert "The broker does not answer" in answer.content.decode()
    assert of(answer).depth is None


def budget(client, app="billing", status=302, **asked):
    usual = {"latency": "1.5", "unit": "s", "percent": "99.5", "reason": "Christmas"}
    answer = client.post(reverse("console:set_budget", args=[app]), {**usual, **asked})
    assert answer.status_code == status
    return answer


def test_an_operator_sets_an_apps_budget_and_all_see_who_and_why(operator):
    budget(operator)
    level = ServiceLevel.objects.get(app="billing")
    assert (level.promise, level.by) == ("99.5 % within 1.5 s", "olga")
    text = operator.get(reverse("console:budget", args=["billing"])).content.decode()
    assert "olga budgeted billing: 99.5 % within 1.5 s: Christmas" in text
    assert 'value="1.5"' in text
    assert "99.5 % within 1.5 s" in page(operator).content.decode()


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"latency": "soon"}, "latency"),
        ({"latency": "-1"}, "latency"),
        ({"latency": "NaN"}, "latency"),
        ({"unit": "year"}, "unit"),
        ({"percent": "100"}, "percent"),
        ({"percent": "0"}, "percent"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_is_no_budget_is_refused_at_its_field(operator, asked, field):
    text = budget(operator, status=422, **asked).content.decode()
    assert f'id="id_{field}_error"' in text
    assert not OperatorAction.objects.exists()


def test_a_budget_that_is_longer_than_what_is_measured_is_refused_in_words(operator):
    text = budget(operator, status=422, latency="61", unit="min").content.decode()
    assert "the latency must be from a millisecond to an hour" in text


def test_of_an_app_there_is_not_nothing_can_be_set(operator):
    budget(operator, app="nobody", status=404)
    assert not ServiceLevel.objects.exists()


def test_who_is_late_is_listed_by_reaction_and_singly(operator):
    row = reacted(add_event("orders.OrderPlaced", uuid4()), "analytics.count_event", "waiting")
    assert "Every app has reacted in time" in page(operator, "overdue").content.decode()
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
    for shown in ("billing@one", ">ok<", "1.2", "1,234", "orders.OrderPlaced", "47.7"):
        assert shown in text


def test_a_worker_that_hears_nothing_is_stalled_and_one_that_left_is_gone(operator):
    worker("billing", handled_ago=10)
    worker("shipping", seen_ago=10)
    reacted(add_event("orders.OrderPlaced", uuid4()), "billing.authorize", "waiting")
    Delivery.objects.update(waiting_since=timezone.now() - timedelta(minutes=9, seconds=1))
    text = page(operator, "workers").content.decode()
    assert "stalled</span>, an event waits since 9" in text
    assert 'class="word lost"' in text
    assert "celery -A shipping worker" in text
    assert "celery -A billing worker" not in text


def test_an_app_that_needs_more_processes_says_how_many(operator):
    worker("billing", concurrency=1)
    for each in range(3, 8):
        minute(each, done=3, bucket=12)
    for _ in range(40):
        reacted(add_event("orders.OrderPlaced", uuid4()), "billing.authorize", "waiting")
    text = page(operator).content.decode()
    assert (
        text.count("1 process does 3/min, 0/min arrive and 40 wait: 2 processes bring it back") == 2
    )
    assert "40 wait: 2 processes bring it back" in page(operator, "workers").content.decode()
