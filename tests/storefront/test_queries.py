"""Each page asks the database a fixed number of questions, however much there is to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from djmoney.money import Money

from shop.catalogue.models import Category, Product, Variant
from shop.storefront import accounts
from tests.storefront.conftest import available, listed, page_of, placed, put

pytestmark = pytest.mark.django_db


def fill(start: int, end: int) -> None:
    """More of everything: categories, products with two variants, stock."""
    for number in range(start, end):
        category = Category.objects.create(slug=f"c{number}", name=f"C{number}")
        variant = listed(f"SKU{number}", category=category)
        Variant.objects.create(
            product=variant.product,
            sku=f"SKU{number}-B",
            option_values=["B"],
            price=Money(9, "EUR"),
        )
        available(f"SKU{number}", number)
    Product.objects.update(category=Category.objects.get(slug="c0"))


def queries(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    ("address", "expected"),
    [("/", 7), ("/categories/c0/", 7), ("/products/", 6), ("/products/sku0/", 6)],
)
def test_browsing(client, address, expected):
    fill(0, 2)
    assert queries(client, address) == expected
    fill(2, 9)
    assert queries(client, address) == expected


@pytest.mark.parametrize(("address", "expected"), [("/cart/", 8), ("/checkout/", 8)])
def test_cart_and_checkout(client, address, expected):
    fill(0, 9)
    put(client, "SKU6")
    client.get("/cart/")  # Shows the message, once.
    assert queries(client, address) == expected
    for number in (7, 8):
        put(client, f"SKU{number}")
    client.get("/cart/")
    assert queries(client, address) == expected


def test_order_page(client):
    placed_order = placed()
    expected = queries(client, page_of(placed_order.pk))
    assert expected == 6
    for number in range(3, 9):
        placed_order.lines.create(
            line=number, sku=f"S{number}", title="More", quantity=1, unit_price=Money(1, "EUR")
        )
    assert queries(client, page_of(placed_order.pk)) == expected


def test_account_page(client):
    ada = accounts.register("ada@example.com", "a long secret", "Ada")
    client.force_login(ada)
    placed(accounts.customer_id(ada))
    assert queries(client, "/account/") == 6
    for _ in range(5):
        placed(accounts.customer_id(ada))
    assert queries(client, "/account/") == 6
