"""A promotion code is used up by an order that it makes cheaper, and by no other."""

import pytest

from eventbus.testing import emitted
from orders.events import OrderPlaced
from pricing.models import Redemption
from tests.unit.pricing.facts import free_shipping
from tests.unit.storefront.conftest import filled_in, looked_at, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper(client, mug):
    free_shipping("FREE", limit_per_customer=1)
    put(client, "MUG")
    return client


def test_free_delivery_is_kept_where_the_shopper_picks_up(shopper):
    page = looked_at(shopper, {"country": "AT", "shipping": "pickup", "code": "FREE"})
    assert "FREE takes nothing off this order: you keep it for another." in page.content.decode()
    shopper.post("/checkout/", filled_in(shopper, shipping="pickup", code="FREE"))
    assert emitted(OrderPlaced)[0].promotion is None
    assert not Redemption.objects.exists()


def test_free_delivery_is_used_up_where_it_is_delivered(shopper):
    shopper.post("/checkout/", filled_in(shopper, code="FREE"))
    assert emitted(OrderPlaced)[0].promotion == "FREE"
    assert Redemption.objects.count() == 1
