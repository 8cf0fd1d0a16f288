"""Each address asks the database a fixed number of questions, however much there is to tell."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import Category, Image, Variant
from shop.accounts import customer_id
from tests.unit.storefront.conftest import available, listed, placed

PUBLIC = {
    "/products": 3,
    "/products?q=plate": 5,
    "/products/mug": 5,
    "/categories": 2,
    "/availability?sku=PLATE0&sku=PLATE1&sku=PLATE9": 2,
}
#: With a token, which costs three questions where it matters.
OWN = {
    "/orders": 7,
    "/orders?page=2&limit=1": 7,
    "/carts/{cart_id}": 10,
    "/orders/{order_id}": 6,
    "/orders/{order_id}/story": 6,
}


def queries(caller, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert caller.client.get(f"/api{address}").status_code == 200, address
    return len(seen)


def grow(ada, numbers: range) -> dict[str, str]:
    """So many more of everything; an order and a cart of so many lines."""
    mug = Variant.objects.get(sku="MUG").product
    for number in numbers:
        listed(f"PLATE{number}")
        available(f"PLATE{number}", 9)
        Category.objects.create(slug=f"shelf-{number}", name=f"Shelf {number}")
        Variant.objects.create(
            product=mug, sku=f"MUG{number}", option_values=[str(number)], price=9
        )
        Image.objects.create(product=mug, src=f"{number}.svg")
        placed(customer_id(ada.user))
    units = {f"PLATE{number}": 1 for number in numbers}
    order = ada.order(ada.cart(**units)).json()
    return {"order_id": order["id"], "cart_id": ada.cart(**units)}


@pytest.mark.usefixtures("shop")
def test_no_address_asks_more_when_there_is_more(guest, ada):
    for numbers in (range(2), range(2, 10)):
        ids = grow(ada, numbers)
        assert {path: queries(guest, path) for path in PUBLIC} == PUBLIC
        assert {path: queries(ada, path.format(**ids)) for path in OWN} == OWN
