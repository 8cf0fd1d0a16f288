"""Products, as programs see them."""

import pytest

from tests.unit.api.asking import Caller
from tests.unit.storefront.conftest import available

pytestmark = pytest.mark.usefixtures("shop")


def test_products_are_listed_with_price_and_availability(guest):
    found = guest.get("/products", q="mug").json()
    (mug,) = found["products"]
    assert mug["price"] == {"amount": "10.00", "currency": "EUR"}
    assert mug["availability"]["status"] == "in-stock"
    assert mug["picture"].startswith("http://")
    assert found["total"] == 1


def test_head_is_answered_as_get_without_a_body(guest):
    answer = guest.client.head("/api/products")
    assert (answer.status_code, answer.content) == (200, b"")


def test_list_is_turned_page_by_page(guest):
    pages = [guest.get("/products", limit=1, sort="name", page=page).json() for page in (1, 2, 3)]
    assert [[p["handle"] for p in page["products"]] for page in pages] == [["mug"], ["pot"], []]
    assert {page["total"] for page in pages} == {2}


def test_list_is_narrowed_by_price_and_availability(guest):
    available("MUG", 0)
    assert guest.get("/products", available="true").json()["total"] == 1
    assert guest.get("/products", price_min="6").json()["total"] == 1


def test_category_there_is_not_is_named(guest):
    answer = guest.get("/products", category="nowhere")
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"category": ["There is no such category."]}


def test_product_is_told_with_its_variants(guest):
    mug = guest.get("/products/mug").json()
    assert [variant["sku"] for variant in mug["variants"]] == ["MUG"]
    assert mug["url"].endswith("/products/mug/")


def test_product_there_is_not_is_a_problem_in_the_language_asked_for(guest):
    answer = guest.get("/products/nothing")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert Caller(language="de").get("/products/nothing")["Content-Language"] == "de"


def test_availability_of_several_variants_at_once(guest):
    data = guest.get("/availability", sku=["MUG", "NONE"]).json()["availability"]
    assert (data["MUG"]["units"], data["NONE"]["status"]) == (20, "unknown")
