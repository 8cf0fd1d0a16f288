"""What is told of stock together is kept as if it came one by one."""

from math import inf
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import Availability
from catalogue.search.indexing import index
from catalogue.search.models import Listing
from eventbus.delivery.batch import handle_together
from inventory.events import InventoryUpdated, StockLevel
from tests.both_ways import assert_same_rows
from tests.unit.search.goods import goods
from tests.workers import messages

pytestmark = pytest.mark.django_db


def updated(*levels: tuple[str, int, int]) -> InventoryUpdated:
    """So many units are available of each SKU, as of this revision."""
    return InventoryUpdated(
        change_id=uuid4(),
        reason="test",
        levels=[
            StockLevel(sku=sku, available=units, revision=revision, selling="tracked")
            for sku, units, revision in levels
        ],
    )


def test_a_batch_keeps_the_same_stock_and_listings_as_one_by_one():
    products = [goods("Mug", "Red", "Blue"), goods("Pot"), goods("Tea")]
    index(product.pk for product in products)
    levels = [
        updated(("MUG-0", 5, 2), ("MUG-1", 0, 1)),
        updated(("MUG-1", 7, 3), ("POT-0", 0, 1)),
        updated(("MUG-0", 9, 1)),
        updated(("MUG-1", 0, 4), ("NOBODYS", 3, 1)),
        updated(("MUG-1", 7, 3)),
    ]
    now = timezone.now()
    assert_same_rows("catalogue", [(each, now) for each in levels], [Availability, Listing])


def test_statements_do_not_grow_with_the_batch():
    products = [goods(f"Mug {n}") for n in range(20)]
    index(product.pk for product in products)

    def statements(events: int) -> int:
        arrived = messages(*(updated((f"MUG-{n}-0", n, 1)) for n in range(events)))
        with CaptureQueriesContext(connection) as queries:
            handle_together("catalogue", arrived, inf)
        return len(queries)

    assert statements(20) == statements(2)
