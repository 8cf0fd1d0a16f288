"""Wanting to hear when something is back."""

import pytest

from eventbus.testing import emitted
from shop.events import BackInStockAlertRequested
from shop.storefront import back_in_stock
from tests.unit.storefront.conftest import available, listed

pytestmark = pytest.mark.django_db

ADDRESS = "/back-in-stock/MUG/1/"


@pytest.fixture(autouse=True)
def _sold_out():
    mug = listed("MUG/1").product
    mug.handle = "mug"
    mug.save()
    available("MUG/1", 0)


def wish(client, email: str = "ada@example.com", address: str = ADDRESS):
    return client.post(address, {"email": email}, follow=True)


def test_a_wish_is_emitted_with_all_a_mail_needs(client, settings):
    settings.SHOP_URL = "https://shop.example"
    page = wish(client, address=f"/de{ADDRESS}")
    assert page.status_code == 200
    (wanted,) = emitted(BackInStockAlertRequested)
    assert (wanted.sku, wanted.email, wanted.language) == ("MUG/1", "ada@example.com", "de")
    assert wanted.url == "https://shop.example/de/products/mug/MUG/1/"


def test_the_answer_says_what_will_happen(client):
    assert "We will write to ada@example.com when Mug/1 is back." in wish(client).content.decode()


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "x" * 300 + "@example.com"])
def test_an_address_that_is_none_is_refused_beside_its_field(client, email):
    page = wish(client, email)
    assert page.status_code == 422
    assert "Your e-mail address: Enter" in page.content.decode()
    assert not emitted(BackInStockAlertRequested)


def test_what_can_be_bought_needs_no_wish(client):
    available("MUG/1", 3)
    assert "this can be bought again" in wish(client).content.decode()
    assert not emitted(BackInStockAlertRequested)


def test_nobody_wishes_without_end(client):
    for _ in range(back_in_stock.MAX_REQUESTS):
        assert wish(client).status_code == 200
    page = wish(client)
    assert page.status_code == 429
    assert "try again in an hour" in page.content.decode()
    assert len(emitted(BackInStockAlertRequested)) == back_in_stock.MAX_REQUESTS


def test_a_wish_for_nothing_is_a_404(client):
    assert wish(client, address="/back-in-stock/NOTHING/").status_code == 404


def test_a_customers_address_is_there_already(client, django_user_model):
    user = django_user_model.objects.create_user("ada", "ada@example.com", "x")
    client.force_login(user)
    page = client.get("/products/mug/").content.decode()
    assert 'value="ada@example.com"' in page
    assert "Enter" not in page
