"""Whatever an export holds can be found, opened and bought, with all apps there."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from catalogue.models import Category, Variant
from catalogue.search.indexing import batches
from catalogue.shopify.importing import import_products
from catalogue.stock import stock_of
from eventbus.testing import settle
from inventory.services import receive_stock
from orders.models import Order
from orders.models import OrderLine as Ordered
from shop.settings import BASE_DIR
from tests.unit.storefront.conftest import filled_in

SAMPLE = BASE_DIR / "tests" / "data" / "shopify-export.csv"
FILES = [SAMPLE, *map(Path, os.environ.get("PRODUCT_FILES", "").split())]

#: Variants to an order.
LINES = 20

pytestmark = pytest.mark.django_db


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def variants(request) -> list[Variant]:
    """All there is, once inventory has told the shop what there is of it."""
    report = import_products(request.param)
    assert not report.problems
    settle()
    found = list(Variant.objects.select_related("product"))
    assert len(found) == report.variants > 0
    return found


def address_of(variant: Variant) -> str:
    return reverse("storefront:variant", args=[variant.product.handle, variant.sku])


def test_every_product_is_found_by_its_title(client, variants):
    for product in {variant.product for variant in variants}:
        page = client.get(reverse("storefront:products"), {"q": product.title})
        assert page.context["product_list"].page[0].title == product.title


def walked(client, address: str) -> set[str]:
    """The addresses of products on a list, from its first page to its last."""
    first = client.get(address).context["product_list"]
    numbers = first.page.paginator.page_range
    pages = [
        client.get(address, {"page": number}).context["product_list"].page for number in numbers
    ]
    return {listing.handle for page in pages for listing in page}


def test_every_product_is_on_the_list_of_its_category_and_of_all(client, variants):
    assert walked(client, reverse("storefront:products")) == {v.product.handle for v in variants}
    for category in Category.objects.all():
        within = set(category.products.values_list("handle", flat=True))
        assert walked(client, reverse("storefront:category", args=[category.slug])) == within


def test_every_variant_is_opened_at_its_own_address(client, variants):
    for variant in variants:
        page = client.get(address_of(variant))
        assert page.status_code == 200
        assert page.context["page"].variant == variant
        sold_out = b"Put into the cart" not in page.content
        assert sold_out == stock_of([variant.sku])[variant.sku].sold_out


def test_every_variant_is_bought_what_was_sold_out_once_it_is_back(client, variants, settings):
    settings.PACKING_TIME = settings.CARRIER_TRANSIT = timedelta(0)
    stocks = stock_of(variant.sku for variant in variants)
    gone = [sku for sku, stock in stocks.items() if stock.sold_out]
    if gone:
        receive_stock(dict.fromkeys(gone, 1), reason="back again")
        settle()
    for some in batches(variants, LINES):
        for variant in some:
            assert client.post(address_of(variant), {"quantity": 1}).status_code == 302
        assert client.post("/checkout/", filled_in(client)).status_code == 302
    settle()
    assert set(Order.objects.values_list("state", flat=True)) == {"completed"}
    assert set(Ordered.objects.values_list("sku", flat=True)) == set(stocks)
