"""Between the shop and PostgreSQL may stand a pooler that gives out connections by transaction."""

import psycopg
import pytest
from django.db import connection

from tests.system.brokers.pooler import running_pooler
from tests.system.brokers.rig import PROGRAMS

pytestmark = pytest.mark.parametrize("rig", ["valkey"], indirect=True)


def hears(url: str) -> bool:
    """Whether who LISTENs at this address is told."""
    with psycopg.connect(url, autocommit=True) as listening:
        listening.execute("listen pooling")
        with connection.cursor() as cursor:
            cursor.execute("notify pooling")
        return bool(list(listening.notifies(timeout=2, stop_after=1)))


def test_the_bus_works_through_a_pooler_and_listens_past_it(rig, mail):
    with running_pooler(rig.database_url) as pooled:
        assert hears(rig.database_url)
        assert not hears(pooled)
        addresses = {"DATABASE_URL": pooled, "DATABASE_DIRECT_URL": rig.database_url}
        with rig.with_environment(*PROGRAMS, **addresses):
            mail.wait_for_everybody(*[mail.sent(does={"doves": "fail once"}) for _ in range(10)])
