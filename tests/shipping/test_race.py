"""Billing and cancelling at the same moment, in real transactions side by side."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from shipping.events import OrderShipped, ShipmentStopped
from shipping.models import SandboxParcel
from shop.bus.testing import emitted, given
from tests.shipping.facts import billed, cancellation, placed

ROUNDS = 15


@pytest.mark.django_db(transaction=True)
def test_cancelling_and_billing_at_once_have_one_winner():
    """Each order is either stopped with nothing at the carrier, or shipped and not stopped."""
    barrier = Barrier(3)

    def react(event):
        barrier.wait()
        try:
            given(event, to="shipping")
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        for _ in range(ROUNDS):
            order_id = uuid4()
            facts = [fact(order_id) for fact in (placed, billed, cancellation)]
            list(pool.map(react, facts))
            stopped = len(emitted(ShipmentStopped, order_id=order_id))
            shipped = emitted(OrderShipped, order_id=order_id)
            assert stopped + len(shipped) == 1
    assert SandboxParcel.objects.count() == len(emitted(OrderShipped))
