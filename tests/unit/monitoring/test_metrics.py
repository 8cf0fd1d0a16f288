"""Prometheus reads the same figures that people see."""

from contextlib import nullcontext
from uuid import uuid4

import pytest
from django.db import connection, transaction
from prometheus_client.parser import text_string_to_metric_families

from eventbus.delivery import pause, relay
from eventbus.delivery.models import Delivery
from eventbus.operations import throughput
from eventbus.testing import emit, given
from tests.unit.eventbus.brokers import NO_SECOND_TRY, FakeBroker
from tests.unit.eventbus.events import Rang

pytestmark = pytest.mark.django_db


def read(client, **headers):
    """The samples by metric and labels."""
    text = client.get("/metrics", headers=headers).content.decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(samples, name, **labels):
    return samples.get((name, frozenset(labels.items())))


def test_what_is_emitted_and_published_is_counted(client):
    for _ in range(3):
        with transaction.atomic():
            emit(Rang(bell=uuid4()))
    samples = read(client)
    assert value(samples, "shop_events_emitted_total", event=Rang.type) == 3
    assert value(samples, "shop_events_published_total", event=Rang.type) == 0
    assert value(samples, "shop_outbox_backlog") == 3
    relay.publish_due(FakeBroker())
    samples = read(client)
    assert value(samples, "shop_events_published_total", event=Rang.type) == 3
    assert value(samples, "shop_outbox_backlog") == 0


def test_what_is_done_is_counted_with_its_time(client):
    given(Rang(bell=uuid4()), to="analytics")
    throughput.aggregate()
    samples = read(client)
    labels = {"app": "analytics", "reaction": "count_event", "event": Rang.type}
    assert value(samples, "shop_reactions_total", outcome="done", **labels) == 1
    assert value(samples, "shop_reactions_total", outcome="retried", **labels) == 0
    assert value(samples, "shop_critical_time_seconds_bucket", app="analytics", le="+Inf") == 1


def test_no_counter_ever_falls_whatever_happens_while_they_are_read(client):
    """Between two statements of one look an event is emitted, and everything else goes on."""
    busy = False

    def meanwhile(execute, sql, params, many, context):
        nonlocal busy
        if not busy:
            busy = True
            with transaction.atomic():
                emit(Rang(bell=uuid4()))
            busy = False
        return execute(sql, params, many, context)

    def counters():
        return {
            key: number
            for key, number in read(client).items()
            if key[0].endswith(("_total", "_bucket", "_count", "_sum"))
        }

    before: dict = {}
    steps = [
        lambda: None,
        lambda: relay.publish_due(FakeBroker()),
        lambda: given(Rang(bell=uuid4()), to="analytics"),
        throughput.aggregate,
        throughput.downsample,
        lambda: None,
    ]
    for step in steps:
        step()
        for others in (connection.execute_wrapper(meanwhile), nullcontext()):
            with others:
                now = counters()
            assert {key: now.get(key) for key in before if now.get(key, 0) < before[key]} == {}
            before = now
    assert before


def test_what_waits_or_is_parked_is_counted_by_app(client):
    given(Rang(bell=uuid4()), to="analytics")
    Delivery.objects.filter(app="analytics").update(state=Delivery.State.PARKED)
    pause.pause("shipping", by="ada", reason="stocktaking")
    samples = read(client)
    assert value(samples, "shop_deliveries", app="analytics", state="parked") == 1
    assert value(samples, "shop_deliveries", app="billing", state="parked") == 0
    assert value(samples, "shop_paused", app="shipping") == 1


def test_a_broker_that_is_away_is_a_figure_too(client, settings):
    assert value(read(client), "shop_broker_up") == 1
    settings.EVENTBUS_BROKER_URL = "redis+socket:///nowhere/valkey.sock"
    settings.EVENTBUS_CONNECT_WITHIN = NO_SECOND_TRY
    assert value(read(client), "shop_broker_up") == 0


def test_only_this_machine_may_read_without_a_token(client):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403


def test_a_token_is_needed_where_one_is_set(client, settings):
    settings.METRICS_TOKEN = "secret"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer secret"}).status_code == 200
