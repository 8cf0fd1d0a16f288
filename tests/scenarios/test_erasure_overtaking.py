"""The wish to be forgotten overtakes, in every app, the orders it is about."""

from datetime import timedelta
from uuid import UUID

import pytest

from eventbus.testing import settle
from orders.models import Order
from orders.services import request_cancellation
from shop.events import CustomerErased
from shop.storefront.models import Cart
from tests.examples import tried
from tests.scenarios.conftest import broken_rules
from tests.scenarios.test_erasure import (
    EMAIL,
    SETTINGS,
    cart_of_ada,
    challenged,
    emit_all,
    found_traces,
    order_of_ada,
)


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    for name, value in {**SETTINGS, "EMAIL_FILE_PATH": tmp_path / "mails"}.items():
        setattr(settings, name, value)


@pytest.mark.hypothesis
@pytest.mark.parametrize("seed", range(tried(12)))
def test_whatever_comes_first_nothing_is_left(seed, settings):
    settings.ORDER_EXPIRES_AFTER = timedelta(hours=1)
    orders = [order_of_ada("ada-1"), order_of_ada(None)]
    cart = cart_of_ada()
    emit_all(cart, *map(challenged, orders))
    for order in orders:
        request_cancellation(order.id, detail="Mrs Lovelace rang")
    Cart.objects.update(email="")
    emit_all(_erased("ada-1", orders, cart.cart_id))
    settle(seed=seed, copies=2)
    assert found_traces() == []
    assert {order.state for order in Order.objects.all()} <= {"cancelled", "refunded", "completed"}
    assert not broken_rules()


def _erased(customer: str, orders: list[Order], cart: UUID) -> CustomerErased:
    carts = (cart, *(order.cart_id for order in orders))
    return CustomerErased(
        customer_id=customer,
        email=EMAIL,
        order_ids=tuple(order.id for order in orders),
        cart_ids=carts,
    )
