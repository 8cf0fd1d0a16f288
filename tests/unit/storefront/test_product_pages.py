"""Looking around."""

import pytest
from djmoney.money import Money

from catalogue.models import Category, Image, Product, Variant
from tests.unit.storefront.conftest import available, listed

pytestmark = pytest.mark.django_db


def text(client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode()


def shown(client, address: str) -> int:
    """Count the products a list has on that page."""
    return len(client.get(address).context["product_list"].page)


@pytest.fixture
def shirt() -> Product:
    """A shirt in red and blue, small and large; blue and large is not made."""
    shirt = Product.objects.create(handle="shirt", title="Shirt", option_names=["Colour", "Size"])
    for colour, size, price in (("Red", "S", 20), ("Red", "L", 25), ("Blue", "S", 20)):
        variant = Variant.objects.create(
            product=shirt,
            sku=f"SHIRT/{colour}-{size}",
            option_values=[colour, size],
            price=Money(price, "EUR"),
        )
        Image.objects.create(product=shirt, variant=variant, src=f"{colour}.svg")
    return shirt


def test_empty_shop_has_a_home_page(client):
    assert "The shelves are still empty." in text(client, "/")


def test_home_shows_categories_and_products(client):
    tea = Category.objects.create(slug="tea", name="Tea things")
    listed("MUG", category=tea)
    page = text(client, "/")
    assert "Tea things" in page
    assert "Mug" in page
    assert "€10.00" in page


def test_reduced_price_stands_beside_the_former_one(client, mug):
    mug.compare_at_price = Money(15, "EUR")
    mug.save()
    page = text(client, "/products/mug/")
    assert "formerly </span>€15.00" in page
    assert "now </span>€10.00" in page


@pytest.mark.parametrize(
    ("units", "message"),
    [(0, "Sold out"), (-2, "Sold out"), (3, "Only 3 left"), (50, "In stock")],
)
def test_product_page_tells_the_stock(client, mug, units, message):
    available("MUG", units)
    assert message in text(client, "/products/mug/")


def test_stock_nobody_told_of_is_not_sold_out(client, mug):
    page = text(client, "/products/mug/")
    assert "Stock not known yet" in page
    assert "Put into the cart" in page


def test_what_is_sold_out_has_no_button(client, mug):
    available("MUG", 0)
    assert "Put into the cart" not in text(client, "/products/mug/")


def test_each_variant_has_its_own_address(client, shirt):
    page = client.get("/products/shirt/SHIRT/Blue-S/")
    assert page.context["page"].variant.option_values == ["Blue", "S"]
    assert page.context["page"].pictures[0].src == "Blue.svg"


def test_product_without_a_variant_named_is_shown_in_one_that_can_be_bought(client, shirt):
    available("SHIRT/Red-S", 0)
    page = client.get("/products/shirt/")
    assert page.context["page"].variant.sku == "SHIRT/Red-L"


def test_option_leads_to_the_variant_most_like_the_present_one(client, shirt):
    options = dict(client.get("/products/shirt/SHIRT/Red-L/").context["page"].options)
    assert {c.value: c.variant.sku for c in options["Colour"]} == {
        "Red": "SHIRT/Red-L",
        "Blue": "SHIRT/Blue-S",
    }
    assert [c.value for c in options["Size"] if c.chosen] == ["L"]


@pytest.mark.parametrize(
    "address",
    ["/products/nothing/", "/products/mug/OTHER/", "/products/hidden/", "/categories/nothing/"],
)
def test_what_is_not_there_is_a_friendly_404(client, mug, address):
    Product.objects.create(handle="hidden", title="Hidden", published=False)
    page = client.get(address)
    assert page.status_code == 404
    assert "This page is not here" in page.content.decode()


def test_category_shows_what_is_in_it_and_within_its_children(client):
    top = Category.objects.create(slug="tea", name="Tea")
    child = Category.objects.create(slug="cups", name="Cups", parent=top)
    other = Category.objects.create(slug="rest", name="Rest")
    for sku, category in (("POT", top), ("CUP", child), ("RUG", other)):
        listed(sku, category=category)
    offers = client.get("/categories/tea/").context["product_list"].page
    assert {offer.title for offer in offers} == {"Pot", "Cup"}


def test_circle_of_categories_hangs_no_page(client):
    one = Category.objects.create(slug="one", name="One")
    two = Category.objects.create(slug="two", name="Two", parent=one)
    Category.objects.filter(pk=one.pk).update(parent=two)
    listed("MUG", category=two)
    for address in ("/", "/categories/one/", "/products/mug/"):
        assert text(client, address)


def test_long_lists_have_pages(client):
    for number in range(25):
        listed(f"MUG{number}")
    assert shown(client, "/products/") == 24
    assert shown(client, "/products/?page=2") == 1


@pytest.mark.parametrize(("page", "number"), [("x", 1), ("0", 1), ("-1", 1), ("99", 2), ("02", 2)])
def test_page_that_is_none_is_the_first_or_the_last(client, page, number):
    for each in range(25):
        listed(f"MUG{each}")
    assert client.get(f"/products/?page={page}").context["product_list"].page.number == number


def test_product_without_variants_is_not_offered(client):
    Product.objects.create(handle="bare", title="Bare")
    assert shown(client, "/products/") == 0
    assert client.get("/products/bare/").status_code == 404


def test_title_is_shown_as_text(client, mug):
    mug.product.title = "<script>alert(1)</script>"
    mug.product.save()
    for address in ("/", "/products/", "/products/mug/"):
        assert "<script>alert" not in text(client, address)


def test_health_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/healthz")
    assert (page.status_code, page.content) == (200, b"ok")
