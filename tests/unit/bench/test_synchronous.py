"""The ways that the choreography is measured against do the same work."""

import pytest

from devtools.bench import load
from devtools.bench.ways import direct, synchronous
from eventbus.delivery import outbox
from eventbus.delivery.models import OutboxEvent
from inventory.services import receive_stock
from notifications.models import Mail
from orders.models import Order


@pytest.fixture
def _synchronous(settings):
    settings.PACKING_TIME = settings.CARRIER_TRANSIT = settings.PACKING_TIME * 0
    synchronous.take_over()
    yield
    direct.redirect(synchronous.collect, outbox.record)


@pytest.mark.django_db
@pytest.mark.usefixtures("_synchronous")
def test_a_synchronous_request_brings_an_order_to_its_end_without_the_bus():
    receive_stock({f"bench-{n}": 10 for n in range(load.SKUS)}, reason="bench")
    placed = synchronous.place(load.details(1, lines=2))
    order = Order.objects.get(id=placed.id)
    assert order.ended_at
    assert order.shipped_at
    assert Mail.objects.exists()
    assert not OutboxEvent.objects.exists()
