"""On no page of the shop stands a text that is not translated."""

import pytest
from django.template.loader import render_to_string

from shop.storefront import product_list
from shop.storefront.models import CartItem
from tests.unit.i18n.marking import mark, unmarked
from tests.unit.pricing.facts import amount_off, zone
from tests.unit.search.goods import category, goods, in_stock
from tests.unit.storefront.conftest import filled_in

pytestmark = pytest.mark.django_db

MUG = "/products/mug/MUG/"


@pytest.fixture
def shelves(mug):
    """Two shelves, one within the other, and a reduced price."""
    kitchen = category(mark("Kitchen"))
    mug.category = category(mark("Cups"), kitchen)
    mug.save()
    mug.variants.update(compare_at_price=30)
    goods(mark("Vase"), handle="vase", stock=3)


@pytest.fixture
def cart(client, mug):
    """A cart with two mugs in it."""
    client.post(MUG, {"quantity": 2})


def test_empty_shop(reads):
    reads("/")
    reads("/products/")
    reads("/cart/")
    reads("/checkout/")


def test_lists(reads, shelves, monkeypatch):
    monkeypatch.setattr(product_list, "PRODUCTS_PER_PAGE", 1)
    reads("/")
    reads("/products/")
    reads("/products/?page=2")
    reads(f"/categories/{mark('kitchen')}/")
    reads("/products/?q=mug&available=1&price_min=1&price_max=99&sort=price")


def test_lists_that_were_asked_for_in_a_strange_way(reads, shelves):
    reads("/products/?price_min=9&price_max=1")
    reads(f"/products/?price_min=x&category=nowhere&q={'x' * 201}")
    reads("/products/?q=nothing+like+it")
    reads("/products/?q=mugg+nowhere")
    reads("/products/?price_min=9999")
    reads("/products/?option=A:B")


@pytest.mark.parametrize("units", [None, 0, 1, 99])
def test_product(reads, mug, units):
    if units is not None:
        in_stock("MUG", units)
    reads(MUG)


def test_what_a_product_page_refuses(reads, mug):
    reads(MUG, {"quantity": "x"}, status=422)
    in_stock("MUG", 0)
    reads(MUG, {"quantity": 1}, status=422)
    reads("/back-in-stock/MUG/", {"email": "nobody"}, status=422)


def test_wish(reads, mug):
    in_stock("MUG", 0)
    reads("/back-in-stock/MUG/", {"email": "ada@example.com"})
    in_stock("MUG", 1)
    reads("/back-in-stock/MUG/", {"email": "ada@example.com"})


def test_cart(reads, mug):
    reads(MUG, {"quantity": 2})
    reads("/cart/change/", {"sku": "MUG", "quantity": "0"}, status=422)
    reads("/cart/change/", {"sku": "POT", "quantity": "1"}, status=422)
    reads("/cart/remove/", {"sku": "MUG"})
    reads("/cart/undo/", {})
    CartItem.objects.update(unit_price=9)
    reads("/cart/")


def test_cart_in_trouble(reads, cart, mug):
    for units in (1, 0):
        in_stock("MUG", units)
        reads("/cart/")
        reads("/checkout/")
    mug.published = False
    mug.save()
    reads("/cart/")


def test_checkout_at_first_and_with_everything_missing(reads, cart):
    reads("/checkout/")
    reads("/checkout/?sample")
    missing = {"country": "GB", "postcode": "x", "card_number": "1", "points": "x"}
    reads("/checkout/", missing, status=422)
    reads("/checkout/", {"total": "x", "key": "x", "country": "XX", "test_card": "x"}, status=422)


@pytest.mark.parametrize("card", ["4242 4242 4242 4243", "4111 1111 1111 1111", "12"])
def test_card_that_is_none(reads, client, cart, card):
    sent = filled_in(client, card_number=card, card_expiry="13/20", card_cvc="1")
    reads("/checkout/", sent, status=422)


@pytest.mark.parametrize("included", [True, False])
def test_checkout_with_tax_and_a_code(reads, client, cart, included):
    zone("GB", included=included, standard="20")
    amount_off(code=mark("FIVE"))
    form = filled_in(client, code=mark("FIVE"))
    reads("/checkout/", {**form, "update": "code"})
    reads("/checkout/", {**form, "code": "NONE"}, status=422)
    reads("/checkout/", {**form, "total": "1"}, status=422)
    assert reads("/checkout/", form).redirect_chain


def test_pages_of_what_went_wrong(reads, client):
    reads("/nowhere/", status=404)
    reads("/", status=400, host="evil.example")
    client.handler.enforce_csrf_checks = True
    reads("/cart/remove/", {"sku": "MUG"}, status=403)
    for name in ("403.html", "429.html", "500.html"):
        assert unmarked(render_to_string(name)) == [], name


@pytest.mark.parametrize("token", ["broken", "another:broken"])
def test_way_out_of_reminders_that_is_none(reads, token):
    reads(f"/mails/unsubscribe/{token}/", status=404)
