"""What a person starts."""

import threading
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from eventbus.delivery.models import OutboxEvent
from eventbus.testing import emitted
from orders import events
from orders.errors import CannotCancel, OrderInvalid, UnknownOrder
from orders.models import Order
from orders.services import place_order, request_cancellation
from tests.builders import order_details

pytestmark = pytest.mark.django_db


def test_placing_emits_the_order_whole(details):
    order = place_order(details)
    event = emitted(events.OrderPlaced)[0]
    assert (event.order_id, event.number) == (order.id, order.number)
    assert event.total == Decimal("30.40")
    assert event.lines == details.lines


def test_placing_schedules_the_orders_expiry(details, settings):
    order = place_order(details)
    row = OutboxEvent.objects.get(type="orders.ShippingDeadlineReached")
    assert row.publish_after == order.placed_at + settings.ORDER_EXPIRES_AFTER


def test_same_key_is_one_order(details):
    assert place_order(details, key="form-1") == place_order(details, key="form-1")
    assert len(emitted(events.OrderPlaced)) == 1


@pytest.mark.django_db(transaction=True)
def test_same_key_at_the_same_moment_is_one_order(details):
    start, placed = threading.Barrier(4, timeout=10), []

    def submit():
        start.wait()
        placed.append(place_order(details, key="double-click").pk)
        connection.close()

    threads = [threading.Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(placed) == 4
    assert len(set(placed)) == 1


@pytest.mark.parametrize("quantity", [0, -1, 10**9])
def test_wrong_quantity_is_refused_by_name_and_nothing_is_written(details, quantity):
    lines = (details.lines[0].model_copy(update={"quantity": quantity}),)
    with pytest.raises(OrderInvalid, match="line 1 quantity"):
        place_order(order_details(lines=lines))
    assert not Order.objects.exists()
    assert not OutboxEvent.objects.exists()


def test_order_without_lines_is_refused(details):
    with pytest.raises(OrderInvalid, match="lines"):
        place_order(order_details(lines=()))


def test_cancellation_is_asked_for_and_not_yet_granted(details):
    order = request_cancellation(place_order(details).id)
    assert order.state == "cancelling"
    assert emitted(events.CancellationRequested)
    assert not emitted(events.OrderCancelled)


def test_second_request_to_cancel_is_refused_by_name(details):
    order = request_cancellation(place_order(details).id)
    with pytest.raises(CannotCancel, match="cancelling"):
        request_cancellation(order.id)


def test_unknown_order_is_named():
    with pytest.raises(UnknownOrder):
        request_cancellation(uuid4())
