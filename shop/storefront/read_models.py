"""Read models: other apps' facts as the pages show them. The newer revision wins."""

from collections.abc import Iterable

from django.db import connection

from inventory.events import StockLevel


def show_levels(levels: Iterable[StockLevel]) -> None:
    """Keep the newest known availability of each SKU, in one statement."""
    ordered = sorted(levels, key=lambda level: level.sku)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into storefront_availability (sku, available, revision)
            select * from unnest(%s::text[], %s::int[], %s::bigint[])
            on conflict (sku) do update
            set available = excluded.available, revision = excluded.revision
            where storefront_availability.revision < excluded.revision
            """,
            [
                [level.sku for level in ordered],
                [level.available for level in ordered],
                [level.revision for level in ordered],
            ],
        )


def show_points(customer_id: str, balance: int, revision: int) -> None:
    """Keep the newest known points of a customer."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into storefront_points (customer_id, balance, revision) values (%s, %s, %s)
            on conflict (customer_id) do update
            set balance = excluded.balance, revision = excluded.revision
            where storefront_points.revision < excluded.revision
            """,
            [customer_id, balance, revision],
        )
