"""Read models: other apps' facts as the pages show them. The newer revision wins."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from inventory.events import StockLevel
from shipping.events import OrderShipped
from shop.storefront.models import OrderStatus, Tracking


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


def show_parcel(shipped: OrderShipped) -> None:
    """Keep where a parcel can be followed."""
    Tracking.objects.bulk_create(
        [
            Tracking(
                parcel_id=shipped.parcel_id,
                order_id=shipped.order_id,
                carrier=shipped.carrier,
                number=shipped.tracking_number,
                shipped_at=shipped.stated_at,
            )
        ],
        ignore_conflicts=True,
    )


def show_status(order_id: UUID, **facts: datetime) -> None:
    """Keep when something happened to an order, whatever else is known of it."""
    OrderStatus.objects.bulk_create(
        [OrderStatus(order_id=order_id, **facts)],
        update_conflicts=True,
        unique_fields=["order_id"],
        update_fields=list(facts),
    )
