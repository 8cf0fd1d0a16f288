"""Each page asks the database a fixed number of questions, however much there is to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from djmoney.money import Money

from shop.catalogue.models import Category, Product, Variant
from shop.search.indexing import reindex
from shop.storefront import accounts
from tests.pricing.facts import percent_off, zone
from tests.storefront.conftest import available, filled_in, listed, page_of, placed, put

pytestmark = pytest.mark.django_db


def fill(start: int, end: int) -> None:
    """More of everything: categories, products with two variants, stock."""
    for number in range(start, end):
        Category.objects.create(slug=f"c{number}", name=f"C{number}")
        variant = listed(f"SKU{number}", category=Category.objects.get(slug="c0"))
        Product.objects.filter(pk=variant.product_id).update(option_names=["Kind"])
        Variant.objects.create(
            product=variant.product,
            sku=f"SKU{number}-B",
            option_values=["B"],
            price=Money(9, "EUR"),
        )
        available(f"SKU{number}", number)
    sum(reindex())


def queries(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/", 3),
        ("/categories/c0/", 5),
        ("/products/", 6),
        ("/products/?q=sku", 8),
        ("/products/?q=skx0", 11),
        ("/products/?q=nothing+like+it", 11),
        ("/products/?option=Kind:B&available=1", 8),
        ("/products/sku0/", 6),
        ("/sitemap-products.xml", 1),
    ],
)
def test_browsing(client, address, expected):
    fill(0, 2)
    assert queries(client, address) == expected
    fill(2, 9)
    assert queries(client, address) == expected


@pytest.mark.parametrize(("address", "expected"), [("/cart/", 8), ("/checkout/", 9)])
def test_cart_and_checkout(client, address, expected):
    fill(0, 9)
    put(client, "SKU6")
    client.get("/cart/")  # Shows the message, once.
    assert queries(client, address) == expected
    for number in (7, 8):
        put(client, f"SKU{number}")
    client.get("/cart/")
    assert queries(client, address) == expected


def test_placing_an_order(client):
    zone("AT", standard="20")
    percent_off("TENTH", limit=9, limit_per_customer=9)
    fill(0, 9)
    seen = []
    for skus in (["SKU6"], ["SKU6", "SKU7", "SKU8"]):
        for sku in skus:
            put(client, sku)
        client.get("/cart/")
        form = filled_in(client, country="AT", code="TENTH")
        with CaptureQueriesContext(connection) as asked:
            assert client.post("/checkout/", form).status_code == 302
        seen.append(len(asked))
    assert seen == [42, 42]


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
    assert queries(client, "/account/") == 5
    for _ in range(5):
        placed(accounts.customer_id(ada))
    assert queries(client, "/account/") == 5
