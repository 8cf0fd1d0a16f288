"""Alive asks nobody; ready says what is missing."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from devtools.waiting import wait_until
from eventbus.messaging import broker, topology
from eventbus.messaging.liveness import Liveness, WorkerActivity
from eventbus.messaging.transport import EXCHANGE
from eventbus.operations import worker_status
from eventbus.operations.heartbeat import Heartbeat
from shop.monitoring import health, urls
from shop.storefront import robots_urls


@pytest.fixture
def relay(db):
    """A relay that has just given a sign of life."""
    heart = Heartbeat("relay", 1, lambda: WorkerActivity(0, []), Liveness("relay"))
    heart.send()
    return heart


def ready(client):
    return client.get("/readyz")


def text_of(answer) -> str:
    return answer.content.decode()


def test_alive_asks_nobody(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db(transaction=True)
def test_ready_when_database_broker_and_relay_are(client, relay):
    topology.declare()
    answer = ready(client)
    assert answer.status_code == 200
    assert {line.split(": ")[1] for line in text_of(answer).splitlines()} == {"OK"}


@pytest.mark.django_db(transaction=True)
def test_queues_that_are_not_bound_are_named(client, relay):
    topology.declare()
    with broker.connect() as connection, connection.channel() as channel:
        channel.client.delete(channel.keyprefix_queue % EXCHANGE)
    try:
        answer = ready(client)
        assert answer.status_code == 500
        assert "no queue or binding for analytics, billing" in text_of(answer)
    finally:
        topology.declare()


@pytest.mark.django_db(transaction=True)
def test_broker_that_is_away_is_said(client, relay, settings):
    settings.EVENTBUS_BROKER_URL = "redis+socket:///nowhere/valkey.sock"
    answer = ready(client)
    assert answer.status_code == 500
    assert "the broker is away" in text_of(answer)
    assert "nowhere" not in text_of(answer)


@pytest.fixture(params=["full", "read-only"])
def taking_nothing(request):
    """The broker answers as ever, and takes no message."""
    topology.declare()
    with broker.connect() as connection:
        client = connection.default_channel.client
        if request.param == "full":
            client.config_set("maxmemory", 1)
        else:
            client.slaveof("192.0.2.1", 1)
        yield
        client.config_set("maxmemory", 0)
        client.slaveof()


@pytest.mark.django_db(transaction=True)
def test_broker_that_answers_and_takes_nothing_is_not_ready(client, relay, taking_nothing):
    answer = ready(client)
    assert answer.status_code == 500
    assert "the broker takes no messages" in text_of(answer)
    assert "shop_broker_up 0.0" in client.get("/metrics").content.decode()
    assert 'shop_queue_depth{app="billing"}' in client.get("/metrics").content.decode()


@pytest.mark.django_db
def test_database_that_is_away_is_said_without_a_word_on_where(client, monkeypatch):
    def away(check) -> None:
        raise OperationalError("connection to server at 192.0.2.1 failed")

    monkeypatch.setattr(health.Database, "run", away)
    answer = ready(client)
    assert answer.status_code == 500
    assert "the database is away" in text_of(answer)
    assert "192.0.2.1" not in text_of(answer)


MACHINES = [
    str(each.pattern)
    for each in (*urls.urlpatterns, *robots_urls.urlpatterns)
    if "<" not in str(each.pattern)
]
FORMS = ["foo", "", "text/html;q=2", "*/*", "application/rss+xml", "\0", "image/png", "a/b," * 2000]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", [*MACHINES, "api/", "api/openapi.json", "api/products"])
def test_every_route_of_machines_answers_whatever_form_is_asked_for(client, route):
    plain = client.get(f"/{route}")
    for accept in FORMS:
        asked = client.get(f"/{route}?format={accept[:9]}", headers={"Accept": accept})
        assert asked.status_code == plain.status_code, accept[:20]
        assert asked["Content-Type"] == plain["Content-Type"], accept[:20]


def other_sessions() -> set[int]:
    """Return the sessions that this test's database has beside the test's own."""
    query = "select pid from pg_stat_activity where datname = %s and pid <> pg_backend_pid()"
    clients = " and backend_type = 'client backend'"
    with connection.cursor() as cursor:
        cursor.execute(query + clients, [connection.settings_dict["NAME"]])
        return {pid for (pid,) in cursor}


@pytest.mark.django_db(transaction=True)
def test_no_check_leaves_a_connection_to_the_thread_that_runs_it(relay):
    """A web process keeps such threads, and a connection that was lost would stay lost."""
    before = other_sessions()
    with ThreadPoolExecutor(max_workers=1) as thread:
        for check in health.Ready.checks:
            asyncio.run(check().get_result(thread))
        wait_until(lambda: other_sessions() <= before, 20, "connections are closed")


@pytest.mark.django_db(transaction=True)
def test_relay_that_is_silent_is_said(client, relay):
    topology.declare()
    worker_status.WorkerHeartbeat.objects.update(
        seen_at=timezone.now() - 2 * worker_status.LOST_AFTER
    )
    answer = ready(client)
    assert answer.status_code == 500
    assert "no relay is alive" in text_of(answer)
