"""Read models: other apps' facts as the pages show them. The newer revision wins."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection

from billing.events import PaymentChallenged
from loyalty.events import PointsEarned, PointsRedeemed, PointsReturned, PointsReversed
from shipping.events import OrderShipped
from shop.storefront.models import OrderStatus, Points, PointsLine, Tracking

PointsMoved = PointsEarned | PointsReversed | PointsRedeemed | PointsReturned

Row = tuple[Any, ...]

#: What a line of the points' account is called, and whether points came or went.
MOVES = {
    PointsEarned: (PointsLine.Kind.EARNED, 1),
    PointsReversed: (PointsLine.Kind.REVERSED, -1),
    PointsRedeemed: (PointsLine.Kind.REDEEMED, -1),
    PointsReturned: (PointsLine.Kind.RETURNED, 1),
}

#: In the order of the keys, as all rows here are locked.
SHOW_POINTS = """
    INSERT INTO storefront_points (customer_id, balance, revision)
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[])
    ON CONFLICT (customer_id) DO UPDATE
    SET balance = excluded.balance, revision = excluded.revision
    WHERE storefront_points.revision < excluded.revision
"""
LIST_POINTS = """
    INSERT INTO storefront_pointsline
        (customer_id, revision, kind, order_id, points, balance, at)
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::uuid[], %s::bigint[],
        %s::bigint[], %s::timestamptz[])
    ON CONFLICT DO NOTHING
"""
SHOW_PARCELS = """
    INSERT INTO storefront_tracking (parcel_id, order_id, carrier, number, shipped_at)
    SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::timestamptz[])
    ON CONFLICT DO NOTHING
"""


def show_points(moves: Iterable[PointsMoved]) -> None:
    """Keep the newest known points of each customer."""
    newest = {moved.customer_id: moved for moved in sorted(moves, key=attrgetter("revision"))}
    _write(SHOW_POINTS, ((m.customer_id, m.balance, m.revision) for m in newest.values()))


def list_points(moves: Iterable[PointsMoved]) -> None:
    """Keep a line of a customer's account of points for each move."""
    _write(LIST_POINTS, map(_points_line, moves))


def _points_line(moved: PointsMoved) -> Row:
    kind, sign = MOVES[type(moved)]
    return (
        moved.customer_id,
        moved.revision,
        str(kind),
        moved.order_id,
        sign * moved.points,
        moved.balance,
        moved.occurred_at,
    )


def forget(customer_id: str, order_ids: Sequence[UUID]) -> None:
    """Keep nothing of a customer, nor where their parcels can be followed, whatever comes late."""
    OrderStatus.objects.bulk_create(
        [OrderStatus(order_id=order_id, forgotten=True) for order_id in sorted(order_ids)],
        update_conflicts=True,
        unique_fields=["order_id"],
        update_fields=["forgotten", "challenge_url"],
    )
    Points.objects.filter(customer_id=customer_id).delete()
    PointsLine.objects.filter(customer_id=customer_id).delete()
    Tracking.objects.filter(order_id__in=order_ids).delete()


def show_parcels(parcels: Iterable[OrderShipped]) -> None:
    """Keep where parcels can be followed, unless whose they are was forgotten."""
    parcels = list(parcels)
    forgotten = OrderStatus.forgotten_of(shipped.order_id for shipped in parcels)
    _write(SHOW_PARCELS, [_parcel(each) for each in parcels if each.order_id not in forgotten])


def _parcel(shipped: OrderShipped) -> Row:
    return (
        shipped.parcel_id,
        shipped.order_id,
        shipped.carrier,
        shipped.tracking_number,
        shipped.occurred_at,
    )


def show_challenge(challenged: PaymentChallenged) -> None:
    """Keep that the bank asked, and on which page, unless whose card it is was forgotten."""
    url = "" if OrderStatus.forgotten_of([challenged.order_id]) else challenged.url
    show_status(challenged.order_id, challenged_at=challenged.occurred_at, challenge_url=url)


def show_status(order_id: UUID, **facts: datetime | str) -> None:
    """Keep what has become known of an order, whatever else is."""
    OrderStatus.objects.bulk_create(
        [OrderStatus(order_id=order_id, **facts)],
        update_conflicts=True,
        unique_fields=["order_id"],
        update_fields=list(facts),
    )


def _write(sql: str, rows: Iterable[Row]) -> None:
    """Give the statement an array for each column of these rows, in the order of their keys."""
    if ordered := sorted(rows):
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(column) for column in zip(*ordered, strict=True)])
