"""Read models: other apps' facts as the pages show them. The newer revision wins."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db import connection

from billing.events import PaymentChallenged
from loyalty.events import PointsEarned, PointsRedeemed, PointsReturned, PointsReversed
from shipping.events import OrderShipped
from shop.storefront.models import OrderStatus, Points, PointsLine, Tracking

PointsMoved = PointsEarned | PointsReversed | PointsRedeemed | PointsReturned

#: What a line of the points' account is called, and whether points came or went.
MOVES = {
    PointsEarned: (PointsLine.Kind.EARNED, 1),
    PointsReversed: (PointsLine.Kind.REVERSED, -1),
    PointsRedeemed: (PointsLine.Kind.REDEEMED, -1),
    PointsReturned: (PointsLine.Kind.RETURNED, 1),
}


def show_points(moves: Iterable[PointsMoved]) -> None:
    """Keep the newest known points of each customer."""
    newest = {moved.customer_id: moved for moved in sorted(moves, key=attrgetter("revision"))}
    rows = sorted((m.customer_id, m.balance, m.revision) for m in newest.values())
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into storefront_points (customer_id, balance, revision)
            select * from unnest(%s::text[], %s::bigint[], %s::bigint[])
            on conflict (customer_id) do update
            set balance = excluded.balance, revision = excluded.revision
            where storefront_points.revision < excluded.revision
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )


def list_points(moves: Iterable[PointsMoved]) -> None:
    """Keep a line of a customer's account of points for each move."""
    ordered = sorted(moves, key=attrgetter("customer_id", "revision"))
    PointsLine.objects.bulk_create(map(_points_line, ordered), ignore_conflicts=True)


def _points_line(moved: PointsMoved) -> PointsLine:
    kind, sign = MOVES[type(moved)]
    return PointsLine(
        customer_id=moved.customer_id,
        revision=moved.revision,
        kind=kind,
        order_id=moved.order_id,
        points=sign * moved.points,
        balance=moved.balance,
        at=moved.occurred_at,
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
    ordered = sorted(parcels, key=attrgetter("parcel_id"))
    forgotten = OrderStatus.forgotten_of(shipped.order_id for shipped in ordered)
    Tracking.objects.bulk_create(
        [
            Tracking(
                parcel_id=shipped.parcel_id,
                order_id=shipped.order_id,
                carrier=shipped.carrier,
                number=shipped.tracking_number,
                shipped_at=shipped.occurred_at,
            )
            for shipped in ordered
            if shipped.order_id not in forgotten
        ],
        ignore_conflicts=True,
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
