"""What one order may cost has a bound, which is said in words before anything breaks."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalogue.models import Product, Variant
from shop.storefront import cart, cart_view
from shop.storefront.cart import MOST_GOODS, OrderLimitExceeded
from shop.storefront.models import Cart

pytestmark = pytest.mark.django_db
DEAREST = Decimal("9999999999.99")


@pytest.fixture
def dear():
    product = Product.objects.create(handle="dear", title="Dear")
    return Variant.objects.create(product=product, sku="DEAR", price=DEAREST)


@pytest.fixture
def held():
    return Cart.objects.create()


def test_one_unit_of_the_dearest_can_be_ordered(dear, held):
    cart.add(held, "DEAR")
    assert not cart_view.has_problems(cart_view.lines_of(held))


def test_a_cart_does_not_take_what_no_order_may_cost(dear, held):
    with pytest.raises(OrderLimitExceeded, match="10,000,000,000"):
        cart.add(held, "DEAR", 2)
    cart.add(held, "DEAR")
    with pytest.raises(OrderLimitExceeded):
        cart.change(held, "DEAR", 999)
    assert held.items.get().quantity == 1


def test_all_lines_together_are_what_counts(dear, held):
    cart.add(held, "DEAR")
    other = Variant.objects.create(product=dear.product, sku="B", price=1, option_values=["b"])
    with pytest.raises(OrderLimitExceeded):
        cart.add(held, other.sku)


def test_what_became_too_dear_meanwhile_is_told_and_not_ordered(dear, held, client):
    Variant.objects.update(price=1)
    cart.add(held, "DEAR", 999)
    Variant.objects.update(price=DEAREST)
    (line,) = cart_view.lines_of(held)
    assert line.amount.amount > MOST_GOODS
    assert "may cost" in line.problem


def test_pages_say_so(dear, client):
    page = reverse("storefront:product", args=["dear"])
    answer = client.post(page, {"sku": "DEAR", "quantity": 999}, follow=True)
    assert answer.status_code < 500
    assert "The goods of one order may cost" in answer.content.decode()


def test_a_cart_that_became_too_dear_can_be_made_smaller(dear, held):
    """Whatever it holds, taking out and lowering work."""
    Variant.objects.update(price=1)
    cart.add(held, "DEAR", 999)
    Variant.objects.update(price=DEAREST)
    cart.change(held, "DEAR", 1)
    assert not cart_view.has_problems(cart_view.lines_of(held))
    cart.remove(held, "DEAR")
    assert cart_view.lines_of(held) == []
