"""The database's own limits come before those that are kept by a signal."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from eventbus.delivery.advisory_lock import TURN_TIMEOUT
from eventbus.delivery.models import Delivery
from eventbus.delivery.outage_retry import RETRY_TIMEOUT
from eventbus.delivery.runner import Incoming, handle
from eventbus.messaging import broker
from shop.audit.auditor import CLAIM_TIME
from tests.databases import another_session
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.deliveries import envelope_of

UNITS = {"s": 1, "min": 60, "h": 3600}


def limit(kind: str, name: str) -> timedelta:
    number, unit = re.fullmatch(
        r"(\d+)(\w+)", settings.EVENTBUS_SESSION_LIMITS[kind][name]
    ).groups()
    return timedelta(seconds=int(number) * UNITS[unit])


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("worker", timedelta(seconds=broker.SOFT_TIME_LIMIT)),
        ("relay", timedelta(seconds=TURN_TIMEOUT)),
        # A rule asks twice.
        ("audit", CLAIM_TIME / 2),
    ],
)
def test_a_statement_ends_before_who_waits_for_it_gives_up(kind, own):
    assert limit(kind, "lock_timeout") < limit(kind, "statement_timeout") < own


def test_a_message_that_waits_for_a_lock_goes_back_before_the_time_limit():
    # Once for the reactions, once for writing down that they could not run.
    waits = max(limit("worker", "lock_timeout") * 2, timedelta(seconds=RETRY_TIMEOUT))
    assert waits < timedelta(seconds=broker.SOFT_TIME_LIMIT)


@pytest.mark.django_db(transaction=True)
def test_a_reaction_that_waits_for_a_locked_table_fails_with_that_and_leaves_no_backend(rang):
    envelope = envelope_of(rang)
    with another_session("lock table eventbus_history_redaction"), connection.cursor() as cursor:
        cursor.execute("set lock_timeout = '100ms'")
        behaviour["answer"] = lambda _: cursor.execute(
            "select count(*) from eventbus_history_redaction"
        )
        handle("tests", [Incoming(envelope)])
        cursor.execute("select count(*) from pg_locks where not granted")
        assert cursor.fetchone()[0] == 0
        cursor.execute("reset lock_timeout")
    row = Delivery.objects.get(app="tests", reaction="answer")
    assert (row.state, "lock timeout" in row.error) == ("failed", True)
    assert Delivery.objects.get(app="tests", reaction="wake_the_dog").state == "done"
