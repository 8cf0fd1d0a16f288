"""What the orders app keeps of a customer who is to be forgotten."""

import pytest

from eventbus.personal import personal_fields
from orders import erasure
from orders.events import OrderDetails
from orders.models import Order
from orders.services import place_order
from tests.builders import order_details

pytestmark = pytest.mark.django_db


def test_every_personal_detail_of_an_order_is_blanked():
    personal = personal_fields(OrderDetails)
    typed = dict.fromkeys(personal, "ada@example.com")
    order = place_order(order_details(**typed), key="ada", visitor="ada")
    erasure.forget([order.id])
    order = Order.objects.get()
    assert {getattr(order, name) for name in personal} == {""}
    assert order.ship_to["country"] == "GB"
    assert not any(order.ship_to[name] for name in ("name", "line1", "city", "postcode"))
    assert (order.visitor, order.idempotency_key) == ("", None)
