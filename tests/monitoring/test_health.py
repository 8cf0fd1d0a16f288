"""Alive asks nobody; ready says what is missing."""

import pytest
from django.utils import timezone

from shop.bus import broker, topology, workers
from shop.bus.heart import Doing, Heart, Pulse
from shop.bus.transport import EXCHANGE


@pytest.fixture
def relay(db):
    """A relay that has just given a sign of life."""
    heart = Heart("relay", 1, lambda: Doing(0, []), Pulse("relay"))
    heart.beat()
    return heart


def ready(client):
    return client.get("/readyz?format=json")


def test_alive_asks_nobody(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db(transaction=True)
def test_ready_when_database_broker_and_relay_are(client, relay):
    topology.declare()
    answer = ready(client)
    assert (answer.status_code, set(answer.json().values())) == (200, {"OK"})


@pytest.mark.django_db(transaction=True)
def test_queues_that_are_not_bound_are_named(client, relay):
    topology.declare()
    with broker.connect() as connection, connection.channel() as channel:
        channel.client.delete(channel.keyprefix_queue % EXCHANGE)
    try:
        answer = ready(client)
        assert answer.status_code == 500
        assert "no queue or binding for analytics, billing" in answer.json()["Broker()"]
    finally:
        topology.declare()


@pytest.mark.django_db(transaction=True)
def test_broker_that_is_away_is_said(client, relay, settings):
    settings.BROKER_URL = "redis+socket:///nowhere/valkey.sock"
    answer = ready(client)
    assert answer.status_code == 500
    assert "the broker is away" in answer.json()["Broker()"]


@pytest.mark.django_db(transaction=True)
def test_relay_that_is_silent_is_said(client, relay):
    topology.declare()
    workers.WorkerSeen.objects.update(seen_at=timezone.now() - 2 * workers.GONE_AFTER)
    answer = ready(client)
    assert answer.status_code == 500
    assert "no relay is alive" in answer.json()["Relay()"]
