"""What other apps emit together is shown as if it came one by one."""

from math import inf
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from eventbus import Event
from eventbus.delivery.batch import handle_together
from loyalty.events import PointsEarned, PointsRedeemed
from shipping.events import OrderShipped
from shop.storefront.models import OrderStatus, Points, PointsLine, Tracking
from tests.both_ways import assert_same_rows
from tests.workers import messages

pytestmark = pytest.mark.django_db


def moved(kind: type[Event], customer: str, balance: int, revision: int) -> Event:
    return kind(
        customer_id=customer, order_id=UUID(int=1), points=5, balance=balance, revision=revision
    )


def shipped(order_id: UUID, parcel_id: UUID, number: str = "T1") -> OrderShipped:
    return OrderShipped(
        order_id=order_id,
        parcel_id=parcel_id,
        carrier="Post",
        tracking_number=number,
        lines=(),
        complete=True,
        number="S-1001",
        email="ada@example.com",
    )


def test_a_batch_shows_the_same_points_and_parcels_as_one_by_one():
    forgotten, order, parcel = uuid4(), uuid4(), uuid4()
    OrderStatus.objects.create(order_id=forgotten, forgotten=True)
    Points.objects.create(customer_id="bob", balance=70, revision=9)
    events = [
        moved(PointsEarned, "bob", 30, 8),
        moved(PointsEarned, "ada", 25, 3),
        shipped(order, parcel),
        moved(PointsRedeemed, "ada", 20, 2),
        shipped(forgotten, uuid4()),
        shipped(order, uuid4(), "T2"),
        moved(PointsEarned, "ada", 15, 1),
        shipped(order, parcel, "another number"),
        moved(PointsEarned, "bob", 75, 10),
        moved(PointsRedeemed, "ada", 20, 2),
    ]
    now = timezone.now()
    tables = [Points, PointsLine, Tracking, OrderStatus]
    assert_same_rows("shop", [(event, now) for event in events], tables)


def test_statements_do_not_grow_with_the_batch():
    def statements(size: int) -> int:
        earned = [moved(PointsEarned, str(n), 5, n) for n in range(size)]
        arrived = messages(*earned, *(shipped(uuid4(), uuid4()) for _ in range(size)))
        with CaptureQueriesContext(connection) as queries:
            handle_together("shop", arrived, inf)
        return len(queries)

    assert statements(20) == statements(2)
