"""A dry run of a rebuild, and of a backfill, tells what would come of it and leaves nothing."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from eventbus.delivery.models import Delivery
from eventbus.history.backfill_dry_run import dry_run_backfill
from eventbus.testing import settle
from loyalty.models import Account
from tests.scenarios.conftest import buy, small_shop


@pytest.fixture(autouse=True)
def _shop(settings, db):
    """Each test commits: it has a shop of its own."""
    small_shop(settings)


@pytest.mark.django_db(transaction=True)
def test_dry_run_says_what_would_differ_and_leaves_nothing():
    buy()
    settle()
    Account.objects.filter(pk="ada").update(balance=99)
    before = list(Account.objects.values())
    out = StringIO()
    call_command("rebuild", "loyalty", "--dry-run", "--json", stdout=out)
    result = json.loads(out.getvalue())
    assert result["tables"]["loyalty_account"]["only_live"] == 1
    assert result["tables"]["loyalty_account"]["only_shadow"] == 1
    assert result["tables"]["loyalty_pointsentry"]["only_live"] == 0
    assert result["events_not_emitted_again"] == {"loyalty.PointsEarned": 1}
    assert list(Account.objects.values()) == before
    assert not _has_schema("rebuild_loyalty")
    _forget_loyalty()
    found = dry_run_backfill("loyalty", datetime.min.replace(tzinfo=UTC))
    assert found.rows["loyalty_account"] == (1, 0, 0)
    assert found.events == {"loyalty.PointsEarned": 1}
    assert not Account.objects.exists()
    assert not _has_schema("backfill_loyalty")


def _forget_loyalty() -> None:
    """Have it be as if it had never been there."""
    Delivery.objects.filter(app="loyalty").delete()
    with connection.cursor() as cursor:
        cursor.execute("truncate loyalty_account, loyalty_pointsentry, loyalty_orderpoints")


def _has_schema(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select to_regnamespace(%s) is not null", [name])
        return cursor.fetchone()[0]
