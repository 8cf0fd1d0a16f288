"""The map of the choreography is what really happens: each effect stands beside its cause."""

import time
from io import StringIO
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection

from devtools.replay import waiting
from eventbus import registry
from eventbus.testing import settle

DAY = Path(__file__).parents[1] / "data" / "online-retail-2010-12-01.csv"
#: Rows of the trading day that are replayed: eight orders.
ROWS = 60

#: What causes what on a day without refusals, returns and staff.
USUAL = {
    ("orders.OrderPlaced", "inventory.StockReserved"),
    ("orders.OrderPlaced", "inventory.InventoryUpdated"),
    ("orders.OrderPlaced", "inventory.StockLow"),
    ("orders.OrderPlaced", "billing.PaymentAuthorized"),
    ("orders.OrderPlaced", "fraud.OrderCleared"),
    ("inventory.StockReserved", "billing.PaymentCompleted"),
    ("inventory.StockReserved", "billing.OrderBilled"),
    ("billing.OrderBilled", "loyalty.PointsEarned"),
    ("billing.OrderBilled", "shipping.OrderShipped"),
    ("billing.OrderBilled", "shipping.TrackingDue"),
    ("shipping.TrackingDue", "shipping.OrderDelivered"),
    ("shipping.OrderDelivered", "orders.OrderCompleted"),
}

_CAUSES = """
    select distinct cause.type, effect.emitted_by, effect.type
    from eventbus_outboxevent effect
    join eventbus_outboxevent cause on cause.id = effect.causation_id
"""

Step = tuple[str, str, str]


def seen() -> set[Step]:
    """(cause, reaction, effect) of all that was emitted so far."""
    with connection.cursor() as cursor:
        cursor.execute(_CAUSES)
        return {(cause, f"{_app(effect)}.{by}", effect) for cause, by, effect in cursor}


def declared() -> set[Step]:
    return {
        (type, f"{reaction.app}.{reaction.name}", effect)
        for type, reaction in registry.all_reactions()
        for effect in reaction.emitted_types
    }


def _app(type: str) -> str:
    return type.partition(".")[0]


@pytest.fixture
def part_of_a_day(tmp_path):
    path = tmp_path / "day.csv"
    with DAY.open() as day:
        path.write_text("".join(islice(day, ROWS)))
    return path


def test_all_that_a_trading_day_does_is_on_the_map(part_of_a_day, monkeypatch):
    clock = SimpleNamespace(monotonic=time.monotonic, sleep=lambda _: settle())
    monkeypatch.setattr(waiting, "time", clock)
    call_command("replay_orders", part_of_a_day, json=True, stdout=StringIO())
    found = seen()
    assert not found - declared()
    assert {(cause, effect) for cause, _, effect in found} == USUAL
