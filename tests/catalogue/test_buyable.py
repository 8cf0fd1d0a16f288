"""Whatever an export holds can be found, opened and bought."""

import os
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from shop.catalogue.models import Product
from shop.catalogue.shopify.importing import import_products
from shop.settings import BASE_DIR
from shop.storefront.models import CartItem

SAMPLE = BASE_DIR / "tests" / "data" / "shopify-export.csv"
FILES = [SAMPLE, *map(Path, os.environ.get("PRODUCT_FILES", "").split())]


@pytest.mark.django_db
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_product_of_an_export_is_found_opened_and_put_into_a_cart(file):
    report = import_products(file)
    assert not report.problems
    client = Client()
    for product in Product.objects.prefetch_related("variants"):
        found(client, product)
        for variant in product.variants.all():
            bought(client, product, variant)
    in_cart = set(CartItem.objects.values_list("sku", flat=True))
    assert len(in_cart) == report.variants > 0


def found(client, product) -> None:
    page = client.get(reverse("storefront:products"), {"q": product.title})
    titles = [listing.title for listing in page.context["look"].page]
    assert titles[0] == product.title
    assert client.get(reverse("storefront:product", args=[product.handle])).status_code == 200


def bought(client, product, variant) -> None:
    address = reverse("storefront:variant", args=[product.handle, variant.sku])
    page = client.get(address)
    assert page.status_code == 200
    assert page.context["page"].variant == variant
    assert client.post(address, {"quantity": 1}).status_code == 302
