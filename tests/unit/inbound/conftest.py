"""A CloudEvent as the warehouse sends it, and who reacts to it."""

from typing import Any

import pytest

from eventbus import emit, reacts_to
from tests.unit.inbound.events import StockCounted, StockLow


@reacts_to(StockCounted, emits=[StockLow])
def note_stock(event: StockCounted) -> None:
    if event.units < 3:
        emit(StockLow(sku=event.sku))


@pytest.fixture
def counted() -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "count-17",
        "source": "//warehouse",
        "type": "acme.stock.counted",
        "time": "2026-03-01T08:30:00Z",
        "data": {"sku": "MUG-1", "units": 2},
    }
