"""Billing and cancelling at the same moment, in real transactions side by side."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from eventbus import Event
from eventbus.testing import emitted, given
from shipping.events import HandOverDue, OrderShipped, ShipmentStopped
from shipping.models import SandboxParcel
from tests.unit.shipping.facts import billed, cancellation, placed

ROUNDS = 15


@contextmanager
def reacting_at_once(events: int) -> Iterator[Callable[[list[Event]], object]]:
    """Yield what lets shipping react to so many events in the same moment."""
    barrier = Barrier(events)

    def react(event: Event) -> None:
        barrier.wait()
        try:
            given(event, to="shipping")
        finally:
            connection.close()

    with ThreadPoolExecutor(events) as pool:
        yield lambda facts: list(pool.map(react, facts))


@pytest.mark.django_db(transaction=True)
def test_cancelling_and_billing_at_once_have_one_winner():
    """Each order is either stopped with nothing at the carrier, or shipped and not stopped."""
    with reacting_at_once(3) as react:
        for _ in range(ROUNDS):
            order_id = uuid4()
            facts = [fact(order_id) for fact in (placed, billed, cancellation)]
            react(facts)
            stopped = len(emitted(ShipmentStopped, order_id=order_id))
            shipped = emitted(OrderShipped, order_id=order_id)
            assert stopped + len(shipped) == 1
    assert SandboxParcel.objects.count() == len(emitted(OrderShipped))


@pytest.mark.django_db(transaction=True)
def test_cancelling_at_the_moment_packing_is_done_has_one_winner(settings):
    settings.PACKING_TIME = timedelta(hours=1)
    with reacting_at_once(2) as react:
        for _ in range(ROUNDS):
            order_id = uuid4()
            given(placed(order_id), billed(order_id), to="shipping")
            react([HandOverDue(order_id=order_id), cancellation(order_id)])
            stopped = len(emitted(ShipmentStopped, order_id=order_id))
            assert stopped + len(emitted(OrderShipped, order_id=order_id)) == 1
    assert SandboxParcel.objects.count() == len(emitted(OrderShipped))
