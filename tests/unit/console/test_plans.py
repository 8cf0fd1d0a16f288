"""However long the history is, no page of operators or staff reads all of it."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from devtools.bench.history import without_indexes
from devtools.bench.plans import BIG, Asked
from eventbus.delivery.models import OutboxEvent
from eventbus.operations import admin_lists
from tests.unit.console.history import placed, reacted
from tests.unit.console.test_access import PAGES
from tests.unit.console.test_failed import trouble

pytestmark = pytest.mark.django_db

_LONG_HISTORY = """
    insert into eventbus_outboxevent (id, type, version, subject, correlation_id, traceparent, data,
        occurred_at, publish_after, published_at)
    select md5('event' || n)::uuid, type, 1, md5('order' || n / 10)::uuid::text,
        md5('event' || n / 10 * 10)::uuid, '', jsonb_build_object('number', n::text), at, at, at
    from generate_series(1, 5000) n,
        lateral (select case when n % 10 = 0 then 'orders.OrderPlaced'
            else (array['billing.OrderBilled', 'shipping.OrderShipped'])[1 + n % 2] end as type,
            now() - n * interval '1 minute' as at) facts;
    insert into eventbus_delivery (event_id, app, reaction, state, attempts, sends, error,
    created_at,
        closed_at, duration_ms)
    select id, 'billing', 'reaction_' || n, 'done', 1, 0, '', occurred_at, occurred_at, 5
    from eventbus_outboxevent, generate_series(1, 5) n;
    analyze eventbus_outboxevent, eventbus_delivery
"""


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    """Look at few of the newest rows beside all of them, as in a long history."""
    monkeypatch.setattr(admin_lists, "MAX_COUNTED", 200)


@pytest.fixture
def addresses():
    """Every page of the console, and those of the admin that show the bus, over a long history."""
    with connection.cursor() as cursor:
        cursor.execute(_LONG_HISTORY)
    order, parked = placed(uuid4(), "100001", customer_id="7"), trouble()
    reacted(order, "billing.authorize", "waiting")
    arguments = {
        "group": [parked.fingerprint],
        "watch_group": [parked.fingerprint],
        "delivery": [parked.id],
        "story": ["100001"],
        "story_svg": ["100001"],
        "customer": ["7"],
        "payload": [order.id],
        "map_event": ["orders.OrderPlaced"],
        "map_app": ["orders"],
        "budget": ["billing"],
    }
    reactions = reverse("admin:eventbus_delivery_changelist")
    return [
        *(reverse(f"console:{name}", args=arguments.get(name)) for name in PAGES),
        reverse("metrics"),
        reverse("admin:index"),
        f"{reactions}?state__exact=parked",
        reactions,
        reverse("admin:eventbus_outboxevent_changelist"),
    ]


@pytest.fixture
def everybody(db):
    client = Client()
    client.force_login(User.objects.create_superuser("olga"))
    return client


def test_no_page_scans_a_table_of_the_bus(everybody, addresses):
    scans = {}
    for address in addresses:
        asked = Asked()
        with asked.watching():
            assert everybody.get(address).status_code == 200, address
        scans[address] = asked.scans
    assert {address: found for address, found in scans.items() if found} == {}


def test_the_history_that_is_measured_has_every_index_of_every_month():
    with connection.cursor() as cursor:
        before = indexes(cursor)
        with without_indexes(cursor):
            assert len(indexes(cursor)) < len(before)
        assert indexes(cursor) == before


def indexes(cursor) -> list[tuple[str, str]]:
    """Of both tables and their months: the table, and by which columns it has an index."""
    cursor.execute(
        """
        select tablename, substring(indexdef from ' USING [^)]*[)]') from pg_indexes
        where tablename like any(%s) order by 1, 2
        """,
        [[f"{big}%" for big in BIG]],
    )
    return cursor.fetchall()


def test_a_scan_would_be_noticed(addresses):
    asked = Asked()
    with asked.watching():
        assert OutboxEvent.objects.filter(version=2).count() == 0
    assert len(asked.scans) == asked.queries == 1
