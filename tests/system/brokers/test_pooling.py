"""Between the shop and PostgreSQL may stand a pooler that gives out connections by transaction."""

import psycopg
import pytest
from django.db import connection

from tests.system.brokers.broker_environment import PROGRAMS
from tests.system.brokers.pooler import running_pooler

pytestmark = pytest.mark.parametrize("environment", ["valkey"], indirect=True)


def hears(url: str) -> bool:
    """Return whether who LISTENs at this address is told."""
    with psycopg.connect(url, autocommit=True) as listening:
        listening.execute("listen pooling")
        with connection.cursor() as cursor:
            cursor.execute("notify pooling")
        return bool(list(listening.notifies(timeout=2, stop_after=1)))


def test_the_bus_works_through_a_pooler_and_listens_past_it(environment, mail):
    with running_pooler(environment.database_url) as pooled:
        assert hears(environment.database_url)
        assert not hears(pooled)
        addresses = {"DATABASE_URL": pooled, "DATABASE_DIRECT_URL": environment.database_url}
        with environment.with_environment(*PROGRAMS, **addresses):
            mail.wait_for_everybody(*[mail.sent(does={"app_a": "fail once"}) for _ in range(10)])
