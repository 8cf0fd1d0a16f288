"""What a file says of stock, from the file to the shopper: page, cart, API and mail."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalogue.models import Category, Variant
from catalogue.search.models import Listing
from catalogue.shopify.importing import import_products
from eventbus.testing import settle
from inventory.models import Stock, StockReservation
from notifications.models import BackInStockAlert, Mail
from orders.models import Order
from tests.unit.catalogue.files import COLUMNS, MUG, write
from tests.unit.storefront.conftest import filled_in

pytestmark = pytest.mark.django_db

TRACKER = "Variant Inventory Tracker"


def row(name, tracker, units, policy, **more):
    said = {"Handle": name, "Title": name, "Variant SKU": name.upper(), TRACKER: tracker}
    stock = {"Variant Inventory Qty": units, "Variant Inventory Policy": policy}
    return MUG | said | stock | more


@pytest.fixture
def shop(product_file):
    rows = [
        row("made-to-order", "shopify", "1", "continue"),
        row("sticker", "", "0", "deny"),
        row("owed", "", "-1", "deny"),
        row("unknown", "shopify", "", "deny"),
        row("gone", "shopify", "-2", "deny"),
    ]
    report = import_products(write(product_file, *rows, columns=[*COLUMNS, TRACKER]))
    assert not report.problems
    settle()
    return report


def address(name):
    return reverse("storefront:variant", args=[name, name.upper()])


def test_what_the_shop_behind_a_file_sells_can_be_bought_and_ends(client, shop):
    sold = ["made-to-order", "sticker", "owed", "unknown"]
    for name in sold:
        assert client.post(address(name), {"quantity": 3}).status_code == 302
    assert client.post("/checkout/", filled_in(client)).status_code == 302
    settle()
    assert Order.objects.get().state not in ("cancelled", "rejected")
    assert StockReservation.objects.get().state in ("held", "sold")
    counted = dict(Stock.objects.values_list("sku", "on_hand"))
    assert counted == {"MADE-TO-ORDER": -2, "STICKER": 0, "OWED": 0, "UNKNOWN": 0, "GONE": 0}


def test_what_is_gone_cannot_be_bought(client, shop):
    assert b"Put into the cart" not in client.get(address("gone")).content
    assert {listing.handle for listing in Listing.objects.filter(available=False)} == {"gone"}


def test_the_shopper_is_told_of_a_back_order_on_page_cart_api_and_by_mail(client, shop):
    client.post(address("made-to-order"), {"quantity": 1})
    assert "back-order" not in client.get("/cart/").content.decode()
    client.post(address("made-to-order"), {"quantity": 2})
    text = "2 of these are on back-order"
    assert text in client.get("/cart/").content.decode()
    assert text in client.get("/checkout/").content.decode()
    assert client.post("/checkout/", filled_in(client)).status_code == 302
    settle()
    mail = Mail.objects.get(kind="order_placed")
    assert text in mail.text
    assert text in mail.html
    page = client.get(address("made-to-order")).content.decode()
    assert "On back-order" in page
    assert "https://schema.org/BackOrder" in page
    offered = client.get("/api/products/made-to-order").json()["variants"][0]["availability"]
    assert (offered["status"], offered["units"]) == ("back-order", 0)


def test_whoever_waits_is_told_when_it_sells_without_being_there(client, shop, product_file):
    client.post(reverse("storefront:back-in-stock", args=["GONE"]), {"email": "a@example.com"})
    settle()
    rows = [row("gone", "shopify", "0", "continue")]
    import_products(write(product_file, *rows, columns=[*COLUMNS, TRACKER]))
    settle()
    assert Mail.objects.filter(kind="back_in_stock").count() == 1


@pytest.mark.parametrize("letter", ["x", "膝"])
def test_a_wish_for_the_longest_of_titles_and_addresses_is_kept(client, importing, letter):
    long = {f"Option{n} Value": letter * 200 for n in (1, 2)}
    names = {"Option1 Name": "Words", "Option2 Name": "More", "Title": letter * 255}
    stock = {"Handle": letter * 255, "Variant SKU": letter * 255, "Variant Inventory Qty": "0"}
    importing(MUG | long | names | stock)
    settle()
    variant = Variant.objects.get()
    address = reverse("storefront:back-in-stock", args=[variant.sku])
    client.post(address, {"email": "a@example.com"})
    settle()
    assert (BackInStockAlert.objects.get().title, variant.price.amount) == (
        str(variant),
        Decimal(16),
    )


UNFIT = ["A\nB", "A\tB", "A\x85B", "A\u2028B", ".", "..", "A/../B", "./A", "A/.."]
FIT = ["14:29#White", "A/B/C", "50%", "WHAT?", "a b", "x\\y", "ü-ñ-漢", "A+B&C", "trail/", "//lead"]
FIT += ["...", "A..B", "a.b", "BIDI\u200b1", "T\u202eURN", "'0012"]


@pytest.mark.parametrize("sku", UNFIT)
def test_a_sku_that_no_address_can_end_with_is_refused(importing, sku):
    (problem,) = importing(MUG | {"Variant SKU": sku}).problems
    assert (problem.line, problem.column) == (2, "Variant SKU")
    assert "cannot stand in an address" in problem.reason


@pytest.mark.parametrize("sku", FIT)
def test_every_sku_that_comes_in_can_be_opened_and_bought(client, importing, sku):
    assert not importing(MUG | {"Variant SKU": sku}).problems
    address = reverse("storefront:variant", args=["mug", Variant.objects.get().sku])
    assert client.get(address).status_code == 200
    assert client.post(address, {"quantity": 1}).status_code == 302
    assert client.get("/cart/").status_code == 200


def test_a_sku_has_no_character_that_nobody_sees(importing):
    importing(MUG | {"Variant SKU": "BIDI\u200b1\u202e"})
    assert Variant.objects.get().sku == "BIDI1"


@pytest.mark.parametrize("src", ["a\nb.jpg", "https://cdn.example/a\tb.jpg", "..\\a.jpg"])
def test_a_picture_that_no_browser_can_ask_for_is_refused(importing, src):
    (problem,) = importing(MUG | {"Image Src": src}).problems
    assert problem.column == "Image Src"


def test_names_that_differ_in_signs_or_marks_are_categories_of_their_own(importing, client):
    names = ["C++", "C#", "C", "C*", "कि", "की", "が", "か", "Läden", "Laden", "x" * 255]
    rows = [
        MUG | {"Handle": f"h{n}", "Variant SKU": f"S{n}", "Type": name}
        for n, name in enumerate(names)
    ]
    importing(*rows)
    assert {category.name for category in Category.objects.all()} == set(names)
    for category in Category.objects.all():
        found = client.get(reverse("storefront:category", args=[category.slug]))
        assert found.context["product_list"].page.paginator.count == 1
