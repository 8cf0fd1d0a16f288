"""What search engines are told."""

import json
import re
from xml.etree import ElementTree

import pytest
from djmoney.money import Money

from catalogue.models import Category, Image
from tests.unit.storefront.conftest import available, listed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _official_address(settings):
    settings.SHOP_URL = "https://shop.example"


def page_of(client, address: str) -> str:
    return client.get(address).content.decode()


def data(page: str) -> dict[str, dict]:
    """The structured data of a page by its kind."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return {each["@type"]: each for each in map(json.loads, found)}


def canonical(page: str) -> str | None:
    found = re.search(r'<link rel="canonical" href="([^"]+)">', page)
    return found and found[1]


@pytest.fixture
def shirt():
    product = listed("SHIRT", category=Category.objects.create(slug="wear", name="Wear")).product
    product.option_names = ["Size"]
    product.body = "<p>Warm &amp; soft.</p><p>Made of wool.</p>"
    product.save()
    product.variants.update(option_values=["S"])
    product.variants.create(sku="SHIRT/L", option_values=["L"], price=Money(12, "EUR"))
    available("SHIRT", 9)
    available("SHIRT/L", 0)
    return product


@pytest.mark.parametrize(
    ("address", "known_as"),
    [
        ("/", "/"),
        ("/products/", "/products/"),
        ("/categories/wear/", "/categories/wear/"),
        ("/products/shirt/", "/products/shirt/"),
        ("/products/shirt/SHIRT/L/", "/products/shirt/"),
        ("/de/products/shirt/", "/de/products/shirt/"),
        ("/products/?page=1", "/products/"),
    ],
)
@pytest.mark.usefixtures("shirt")
def test_page_has_one_address_it_is_known_by(client, address, known_as):
    page = page_of(client, address)
    assert canonical(page) == f"https://shop.example{known_as}"
    assert "noindex" not in page


def test_second_page_of_a_list_is_a_page_of_its_own(client):
    for number in range(25):
        listed(f"MUG{number}")
    assert canonical(page_of(client, "/products/?page=2")).endswith("/products/?page=2")


@pytest.mark.usefixtures("shirt")
def test_page_tells_of_itself_in_other_languages(client):
    page = page_of(client, "/de/categories/wear/")
    links = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page)
    assert dict(links) == {
        "en": "https://shop.example/categories/wear/",
        "de": "https://shop.example/de/categories/wear/",
        "x-default": "https://shop.example/categories/wear/",
    }


@pytest.mark.usefixtures("shirt")
@pytest.mark.parametrize(
    "address",
    ["/products/?q=shirt", "/products/?available=1", "/categories/wear/?sort=name", "/cart/"],
)
def test_choices_and_what_is_somebodys_own_are_not_to_be_found(client, address):
    page = page_of(client, address)
    assert "noindex" in page
    assert canonical(page) is None


@pytest.mark.usefixtures("shirt")
def test_every_page_describes_itself(client):
    for address in ("/", "/products/", "/categories/wear/", "/products/shirt/", "/cart/"):
        (description,) = re.findall(
            r'<meta name="description" content="([^"]+)">', page_of(client, address)
        )
        assert len(description) > 10


def test_product_in_variants_is_a_group_with_an_offer_for_each(client, shirt):
    group = data(page_of(client, "/products/shirt/"))["ProductGroup"]
    assert group["description"] == "Warm & soft. Made of wool."
    assert group["variesBy"] == ["https://schema.org/size"]
    offers = {variant["sku"]: variant["offers"] for variant in group["hasVariant"]}
    assert offers["SHIRT/L"] == {
        "@type": "Offer",
        "url": "https://shop.example/products/shirt/SHIRT/L/",
        "price": "12.00",
        "priceCurrency": "EUR",
        "itemCondition": "https://schema.org/NewCondition",
        "availability": "https://schema.org/SoldOut",
    }
    assert offers["SHIRT"]["availability"] == "https://schema.org/InStock"


def test_product_in_one_variant_is_a_product(client):
    listed("MUG")
    mug = data(page_of(client, "/products/mug/"))["Product"]
    assert (mug["name"], mug["sku"]) == ("Mug", "MUG")
    assert mug["image"] == ["https://shop.example/static/shop/MUG.svg"]
    assert "availability" not in mug["offers"]


@pytest.mark.usefixtures("shirt")
def test_way_to_the_page_is_told(client):
    steps = data(page_of(client, "/products/shirt/"))["BreadcrumbList"]["itemListElement"]
    assert [step["name"] for step in steps] == ["Home", "Wear", "Shirt"]


def test_home_page_tells_how_to_search(client):
    action = data(page_of(client, "/"))["WebSite"]["potentialAction"]
    assert action["target"]["urlTemplate"] == (
        "https://shop.example/products/?q={search_term_string}"
    )


def test_no_title_breaks_out_of_the_data(client):
    mug = listed("MUG").product
    mug.title = "</script><script>alert(1)</script> & <b>"
    mug.save()
    page = page_of(client, "/products/mug/")
    assert "<script>alert" not in page
    assert data(page)["Product"]["name"] == mug.title


def test_shared_page_has_a_picture_and_a_title(client):
    mug = listed("MUG").product
    Image.objects.filter(product=mug).update(src="https://cdn.example/mug.jpg")
    page = page_of(client, "/products/mug/")
    assert '<meta property="og:title" content="Mug">' in page
    assert '<meta property="og:image" content="https://cdn.example/mug.jpg">' in page


NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}


def addresses(client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer["Content-Type"] == "application/xml"
    return [loc.text for loc in ElementTree.fromstring(answer.content).iterfind(".//s:loc", NAMES)]


@pytest.mark.usefixtures("shirt")
def test_sitemaps_hold_every_page_in_every_language(client, settings):
    settings.ALLOWED_HOSTS = ["shop.example"]
    client.defaults["HTTP_HOST"] = "shop.example"
    maps = [path.partition("shop.example")[2] for path in addresses(client, "/sitemap.xml")]
    found = [address for path in maps for address in addresses(client, path)]
    paths = ["", "products/", "categories/wear/", "products/shirt/"]
    expected = [f"https://shop.example/{language}{p}" for language in ("", "de/") for p in paths]
    assert sorted(found) == sorted(expected)


def test_sitemap_is_cut_into_files(client, monkeypatch):
    from shop.storefront.sitemaps import Products

    monkeypatch.setattr(Products, "limit", 10)
    for number in range(15):
        listed(f"MUG{number}")
    maps = [path for path in addresses(client, "/sitemap.xml") if "products" in path]
    assert len(maps) == 3
    assert len(addresses(client, "/sitemap-products.xml?p=3")) == 10


def test_robots_are_shown_the_sitemap(client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain"
    assert "Sitemap: https://shop.example/sitemap.xml" in answer.content.decode()


def test_icon_is_where_browsers_look_for_it(client):
    assert client.get("/favicon.ico")["Location"].endswith("storefront/icon.svg")


@pytest.mark.parametrize("address", ["/", "/products/?q=mug&sort=name", "/cart/"])
def test_every_page_links_to_itself_in_the_other_language(client, address):
    page = page_of(client, address).replace("&amp;", "&")
    german = 'lang="de" hreflang="de" translate="no" aria-label="Deutsch"'
    assert f'<a href="/de{address}" {german}>DE</a>' in page
    page = page_of(client, f"/de{address}").replace("&amp;", "&")
    english = 'lang="en" hreflang="en" translate="no" aria-label="English"'
    assert f'<a href="{address}" {english}>EN</a>' in page


def test_page_that_is_not_there_offers_no_other_language(client):
    assert client.get("/nothing/").status_code == 404
    assert "hreflang" not in page_of(client, "/nothing/")


def test_pages_are_sent_compressed(client):
    answer = client.get("/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
