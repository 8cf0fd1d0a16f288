"""Filling and changing the cart in the browser."""

import pytest
from django.test import Client

from eventbus.testing import emitted, settle
from shop.events import CartUpdated, ItemAdded, ItemRemoved
from shop.storefront.models import Cart
from tests.unit.storefront.conftest import available, held, listed, put

pytestmark = pytest.mark.django_db


def test_product_page_puts_units_into_the_cart(client, mug):
    assert put(client, "MUG", 2).url == "/cart/"
    put(client, "MUG", 3)
    assert held(client) == {"MUG": 5}
    assert [event.quantity for event in emitted(ItemAdded)] == [2, 3]


@pytest.mark.parametrize("quantity", [0, -1, 10**9, "", "two", "1.5", "\x00"])
def test_wrong_quantity_is_refused_by_name(client, mug, quantity):
    page = put(client, "MUG", quantity)
    assert page.status_code == 422
    assert "Quantity: Choose a quantity from 1 to 999." in page.content.decode()
    assert held(client) == {}
    assert not emitted(ItemAdded)


def test_unknown_sku_is_not_found(client, mug):
    assert client.post("/products/mug/NOTHING/", {"quantity": 1}).status_code == 404
    assert not Cart.objects.exists()


def test_more_than_a_cart_takes_is_refused_by_name(client, mug):
    put(client, "MUG", 999)
    page = put(client, "MUG", 1)
    assert "Quantity: A cart takes 1 to 999 units" in page.content.decode()
    assert held(client) == {"MUG": 999}


def test_sold_out_is_refused_by_name(client, mug):
    available("MUG", 0)
    assert "This has just been sold out." in put(client, "MUG").content.decode()
    assert held(client) == {}


def test_stock_that_is_not_known_yet_is_no_reason_to_refuse(client, mug):
    put(client, "MUG")
    assert held(client) == {"MUG": 1}


def test_cart_page_changes_a_quantity(client, mug):
    put(client, "MUG")
    assert client.post("/cart/change/", {"sku": "MUG", "quantity": 4}).url == "/cart/"
    assert held(client) == {"MUG": 4}


@pytest.mark.parametrize("quantity", [0, -1, 10**9, "", "1.5", "abc", "\x00"])
def test_cart_page_refuses_a_wrong_quantity_by_name(client, mug, quantity):
    put(client, "MUG", 2)
    page = client.post("/cart/change/", {"sku": "MUG", "quantity": quantity})
    assert page.status_code == 422
    assert "Quantity: Choose a quantity from 1 to 999." in page.content.decode()
    assert held(client) == {"MUG": 2}


@pytest.mark.parametrize("sku", ["NOTHING", "POT", "", "\x00"])
def test_cart_page_changes_only_what_is_in_it(client, mug, sku):
    listed("POT")
    put(client, "MUG", 2)
    assert client.post("/cart/change/", {"sku": sku, "quantity": 4}).status_code == 422
    assert held(client) == {"MUG": 2}


def test_cart_page_takes_a_line_out(client, mug):
    listed("POT")
    put(client, "MUG", 2)
    put(client, "POT")
    client.post("/cart/remove/", {"sku": "MUG"})
    client.post("/cart/remove/", {"sku": "MUG"})
    assert held(client) == {"POT": 1}
    assert [event.quantity for event in emitted(ItemRemoved)] == [2]


def test_cart_changes_by_post_only(client, mug):
    put(client, "MUG")
    for address in ("/cart/change/?sku=MUG&quantity=3", "/cart/remove/?sku=MUG", "/cart/undo/"):
        assert client.get(address).status_code == 405
    assert held(client) == {"MUG": 1}


def test_cart_page_tells_the_total_at_todays_prices(client, mug):
    put(client, "MUG", 3)
    mug.price.amount = 12
    mug.save()
    page = client.get("/cart/").content.decode()
    assert "€36.00" in page
    assert "It was €10.00 when you put it in." in page


def test_cart_page_says_what_is_gone_or_scarce(client, mug):
    pot = listed("POT")
    put(client, "MUG", 9)
    put(client, "POT")
    available("MUG", 3)
    pot.product.delete()
    page = client.get("/cart/").content.decode()
    assert "There are only 3 left. Please take fewer." in page
    assert "This is no longer on sale. Please take it out." in page
    assert "€90.00" in page


@pytest.mark.parametrize("left", [0, 1])
def test_cart_that_cannot_be_ordered_leads_to_no_checkout(client, mug, left):
    put(client, "MUG", 2)
    assert 'href="/checkout/"' in client.get("/cart/").content.decode()
    available("MUG", left)
    page = client.get("/cart/").content.decode()
    assert 'href="/checkout/"' not in page
    assert "Please change what is marked" in page


def test_removal_can_be_undone_with_the_same_units(client, mug):
    listed("POT")
    put(client, "MUG", 2)
    put(client, "POT")
    client.post("/cart/remove/", {"sku": "MUG"})
    page = client.get("/cart/").content.decode()
    assert "Mug was taken out of your cart." in page
    assert 'action="/cart/undo/"' in page
    client.post("/cart/undo/")
    assert held(client) == {"MUG": 2, "POT": 1}
    assert "was taken out" not in client.get("/cart/").content.decode()


def test_removal_is_undone_once(client, mug):
    put(client, "MUG", 2)
    client.post("/cart/remove/", {"sku": "MUG"})
    for _ in range(2):
        assert client.post("/cart/undo/").url == "/cart/"
    assert held(client) == {"MUG": 2}


def test_undo_of_what_is_no_longer_on_sale_says_so(client, mug):
    put(client, "MUG", 2)
    client.post("/cart/remove/", {"sku": "MUG"})
    mug.product.delete()
    client.post("/cart/undo/")
    assert "There is no product MUG." in client.get("/cart/").content.decode()
    assert held(client) == {}


@pytest.mark.parametrize("sku", ["", "NOTHING", "POT", "\x00", "x" * 1000])
def test_removal_of_what_is_not_in_the_cart_changes_nothing(client, mug, sku):
    put(client, "MUG", 2)
    assert client.post("/cart/remove/", {"sku": sku}).url == "/cart/"
    assert held(client) == {"MUG": 2}
    assert not emitted(ItemRemoved)


def test_htmx_gets_the_page_with_what_is_wrong(client, mug):
    put(client, "MUG", 2)
    wrong = {"sku": "MUG", "quantity": 0}
    page = client.post("/cart/change/", wrong, headers={"HX-Request": "true"})
    assert page.status_code == 422
    assert 'id="cart"' in page.content.decode()


def test_tampered_prices_in_the_cart_change_nothing(client, mug):
    tampered = {"sku": "MUG", "quantity": 3, "unit_price": "0.01", "price": "0.01", "cart": "1"}
    put(client, "MUG")
    client.post("/cart/change/", tampered)
    assert client.get("/cart/").context["total"].amount == 30


def test_cart_is_emitted_in_the_language_it_is_filled_in(client, mug):
    client.post("/de/products/mug/MUG/", {"quantity": 1})
    settle()
    assert [event.language for event in emitted(CartUpdated)] == ["de"]


def test_empty_cart_says_so(client):
    assert "Nothing in it yet." in client.get("/cart/").content.decode()


def test_another_browser_sees_and_changes_nothing_of_it(client, mug):
    listed("POT")
    stranger = Client()
    put(client, "MUG", 7)
    put(stranger, "POT", 2)
    stranger.post("/cart/change/", {"sku": "MUG", "quantity": 1})
    stranger.post("/cart/remove/", {"sku": "MUG"})
    assert [line.item.sku for line in client.get("/cart/").context["lines"]] == ["MUG"]
    assert [line.item.sku for line in stranger.get("/cart/").context["lines"]] == ["POT"]
    assert held(client) == {"MUG": 7}


def test_cart_needs_the_csrf_token(mug):
    careless = Client(enforce_csrf_checks=True)
    page = put(careless, "MUG")
    assert page.status_code == 403
    assert "Please send that once more" in page.content.decode()
    assert not Cart.objects.exists()
