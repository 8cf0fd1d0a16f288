"""A shopper reads their own language, and can change it wherever they are."""

import re

import pytest

from orders.models import Order
from tests.unit.storefront.conftest import filled_in, held, listed, put

pytestmark = pytest.mark.django_db


def text(client, address: str, **headers: str) -> str:
    page = client.get(address, headers=headers)
    assert page.status_code == 200
    return page.content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("reads", ["de", "de-AT,de;q=0.9,en;q=0.5", "fr,de;q=0.8"])
def test_browser_that_reads_german_is_led_to_the_german_first_page(client, reads):
    answer = client.get("/?from=ad", headers={"Accept-Language": reads})
    assert answer["Location"] == "/de/?from=ad"
    assert "Accept-Language" in answer["Vary"]


@pytest.mark.parametrize("reads", ["", "en-GB,en", "en,de;q=0.9", "fr", "*", "no language"])
def test_browser_that_reads_english_or_nothing_we_know_stays(client, reads):
    assert 'lang="en"' in text(client, "/", **{"Accept-Language": reads})


def test_language_that_was_chosen_counts_more_than_the_browser_s(client):
    came_by_our_link = {"Accept-Language": "de", "Referer": "http://testserver/de/"}
    assert 'lang="en"' in text(client, "/", **came_by_our_link)
    assert 'lang="de"' in text(client, "/de/", **{"Accept-Language": "en"})


def test_address_of_a_page_is_what_tells_its_language(client, mug):
    assert 'lang="en"' in text(client, "/products/mug/", **{"Accept-Language": "de"})


@pytest.mark.parametrize("address", ["/products/mug/MUG/", "/products/?q=mug", "/cart/"])
def test_other_language_is_the_same_page_with_the_same_cart(client, mug, address):
    put(client, "MUG", 2)
    [there] = re.findall(r'<a href="(\S+)" lang="de"', text(client, address))
    assert there == f"/de{address}"
    [back] = re.findall(r'<a href="(\S+)" lang="en"', text(client, there))
    assert back == address
    assert held(client) == {"MUG": 2}
    assert "2× Mug" in text(client, "/de/checkout/").replace(" × ", "× ")


def test_german_page_writes_prices_and_days_as_germans_do(client):
    listed("POT", "1234.50")
    assert "1.234,50 €" in text(client, "/de/products/pot/")
    assert "€1,234.50" in text(client, "/products/pot/")


def test_what_a_form_refuses_is_said_in_german(client, mug):
    put(client, "MUG")
    page = client.post("/de/checkout/", {"country": "DE"}).content.decode()
    assert "E-Mail: Dieses Feld ist zwingend erforderlich." in page
    assert "This field" not in page


def test_total_with_cents_is_ordered_in_german_as_the_page_sends_it(client):
    """A comma that people read must not reach what programs read."""
    listed("POT", "12.50")
    put(client, "POT")
    [total] = re.findall(r'name="total" value="(\S+)"', text(client, "/de/checkout/"))
    placed = client.post("/de/checkout/", {**filled_in(client), "total": total})
    order = Order.objects.get()
    assert placed["Location"] == f"/de/orders/{order.pk}/"
    assert order.language == "de"
    page = text(client, placed["Location"])
    assert "Vielen Dank für Ihre Bestellung!" in page
    assert "17,40 €" in page


@pytest.mark.parametrize("address", ["/nowhere/", "/de/nowhere/"])
def test_page_that_is_not_there_says_so_in_the_language_of_its_address(client, address):
    page = client.get(address)
    assert page.status_code == 404
    german = "Diese Seite gibt es hier nicht" in page.content.decode()
    assert german == address.startswith("/de/")
