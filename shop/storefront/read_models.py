"""Read models: other apps' facts as the pages show them. The newer revision wins."""

from collections.abc import Sequence
from datetime import datetime
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


def list_points(moved: PointsMoved) -> None:
    """Keep a line of a customer's account of points."""
    kind, sign = MOVES[type(moved)]
    line = PointsLine(
        customer_id=moved.customer_id,
        revision=moved.revision,
        kind=kind,
        order_id=moved.order_id,
        points=sign * moved.points,
        balance=moved.balance,
        at=moved.occurred_at,
    )
    PointsLine.objects.bulk_create([line], ignore_conflicts=True)


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


def show_parcel(shipped: OrderShipped) -> None:
    """Keep where a parcel can be followed, unless whose it is was forgotten."""
    if OrderStatus.is_forgotten(shipped.order_id):
        return
    Tracking.objects.bulk_create(
        [
            Tracking(
                parcel_id=shipped.parcel_id,
                order_id=shipped.order_id,
                carrier=shipped.carrier,
                number=shipped.tracking_number,
                shipped_at=shipped.occurred_at,
            )
        ],
        ignore_conflicts=True,
    )


def show_challenge(challenged: PaymentChallenged) -> None:
    """Keep that the bank asked, and on which page, unless whose card it is was forgotten."""
    url = "" if OrderStatus.is_forgotten(challenged.order_id) else challenged.url
    show_status(challenged.order_id, challenged_at=challenged.occurred_at, challenge_url=url)


def show_status(order_id: UUID, **facts: datetime | str) -> None:
    """Keep what has become known of an order, whatever else is."""
    OrderStatus.objects.bulk_create(
        [OrderStatus(order_id=order_id, **facts)],
        update_conflicts=True,
        unique_fields=["order_id"],
        update_fields=list(facts),
    )
