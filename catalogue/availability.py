"""Keeping what inventory has said of stock: the newer revision wins."""

from collections.abc import Iterable
from operator import attrgetter

from django.db import connection

from catalogue.search.indexing import index_stock
from inventory.events import StockLevel


def note_levels(levels: Iterable[StockLevel]) -> None:
    """Keep the newest known availability of each SKU, in one statement."""
    newest = {level.sku: level for level in sorted(levels, key=attrgetter("revision"))}
    ordered = sorted(newest.values(), key=attrgetter("sku"))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into catalogue_availability (sku, available, revision, selling)
            select * from unnest(%s::text[], %s::int[], %s::bigint[], %s::text[])
            on conflict (sku) do update
            set available = excluded.available, revision = excluded.revision,
                selling = excluded.selling
            where catalogue_availability.revision < excluded.revision
            """,
            [
                [level.sku for level in ordered],
                [level.available for level in ordered],
                [level.revision for level in ordered],
                [level.selling for level in ordered],
            ],
        )
    index_stock(level.sku for level in ordered)
