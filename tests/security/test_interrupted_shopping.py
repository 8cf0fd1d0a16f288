"""A shopper to whom things happen: nothing is lost, nothing charged that was not shown."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.db.models.signals import pre_save
from django.test import AsyncClient, Client
from django.utils import timezone

from orders.models import Order
from pricing.models import Promotion
from shop.storefront.models import Session
from tests.unit.pricing.facts import amount_off
from tests.unit.storefront.conftest import filled_in, held, listed, put
from tests.unit.storefront.facts import page_of
from tests.unit.storefront.people import LOGIN, account

pytestmark = pytest.mark.django_db

ASKED_AGAIN = "Please look at it, and order again if you agree."


@pytest.fixture
def shopper(client) -> Client:
    """Has two mugs at 10.00 in the cart."""
    listed("MUG")
    put(client, "MUG", 2)
    return client


def as_shown(client: Client, **changes) -> dict:
    """The checkout form with its hidden fields as the page has them."""
    form = filled_in(client, **changes)
    return {**form, "goods": client.get("/checkout/").context["summary"].goods}


def test_other_goods_at_the_same_price_are_asked_about_again(shopper):
    """In a second tab the mugs were taken out, and two pots at the same price put in."""
    listed("POT")
    shown = as_shown(shopper)
    shopper.post("/cart/remove/", {"sku": "MUG"})
    put(shopper, "POT", 2)
    page = shopper.post("/checkout/", shown)
    assert page.status_code == 422
    assert f"Your cart has changed. {ASKED_AGAIN}" in page.content.decode()
    assert not Order.objects.exists()
    assert shopper.post("/checkout/", as_shown(shopper)).status_code == 302


def test_the_page_carries_what_it_showed(shopper):
    goods = shopper.get("/checkout/").context["summary"].goods
    assert f'name="goods" value="{goods}"' in shopper.get("/checkout/").content.decode()
    put(shopper, "MUG", 1)
    assert shopper.get("/checkout/").context["summary"].goods != goods


def test_units_that_came_in_meanwhile_are_asked_about_again(shopper):
    shown = filled_in(shopper)
    put(shopper, "MUG", 1)
    page = shopper.post("/checkout/", shown)
    assert ASKED_AGAIN in page.content.decode()
    assert not Order.objects.exists()


def test_a_code_that_ran_out_meanwhile_is_told_and_the_full_price_not_charged(shopper):
    amount_off(code="FIVE")
    form = filled_in(shopper, code="FIVE")
    now = timezone.now()
    Promotion.objects.update(starts_at=now - timedelta(days=1), ends_at=now - timedelta(minutes=1))
    page = shopper.post("/checkout/", form)
    assert page.status_code == 422
    assert "This code was valid until" in page.context["form"].errors["code"][0]
    assert not Order.objects.exists()


def test_what_was_typed_outlives_the_cart(shopper):
    """The page was open for weeks, and its session is over."""
    form = filled_in(shopper)
    Session.objects.all().delete()
    assert shopper.post("/checkout/", form).url == "/cart/"
    assert "Your cart is empty" in shopper.get("/cart/").content.decode()
    put(shopper, "MUG")
    page = shopper.get("/checkout/").content.decode()
    assert 'value="Ada Lovelace"' in page
    assert 'value="ada@example.com"' in page


def test_going_back_after_the_order_and_sending_again_shows_the_order(shopper):
    form = filled_in(shopper)
    order = shopper.post("/checkout/", form).url
    assert shopper.post("/checkout/", form).url == order
    assert shopper.post("/checkout/", {**form, "update": "live"}).url == order
    assert shopper.get("/checkout/").url == "/cart/"


def test_a_browser_without_cookies_is_told_so():
    listed("MUG")
    page = Client(enforce_csrf_checks=True).post("/products/mug/MUG/", {"quantity": 1})
    assert page.status_code == 403
    assert "your browser keeps no cookies" in page.content.decode()


def test_who_logs_out_leaves_neither_cart_nor_address_behind(shopper):
    account()
    shopper.post("/login/", LOGIN)
    shopper.post("/checkout/", {**filled_in(shopper), "update": "live"})
    shopper.post("/logout/")
    assert held(shopper) == {}
    put(shopper, "MUG")
    assert "Ada Lovelace" not in shopper.get("/checkout/").content.decode()


def test_who_is_logged_out_elsewhere_while_ordering_still_gets_to_the_order(shopper):
    """Another tab's log-out ends the session while the order is being placed."""
    form = filled_in(shopper)

    def log_out(**kwargs):
        Session.objects.all().delete()

    pre_save.connect(log_out, sender=Order)
    try:
        answer = shopper.post("/checkout/", form)
    finally:
        pre_save.disconnect(log_out, sender=Order)
    assert answer.url == page_of(Order.objects.get().pk)
    assert "sessionid" not in answer.cookies


@pytest.fixture
def _database_away(shopper):
    """Nobody listens where the database was."""
    connection.close()
    there = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nowhere"
    yield
    connection.close()
    connection.settings_dict["HOST"] = there


def said(answer) -> tuple[int, str]:
    return answer.status_code, answer.headers.get("Retry-After", "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_database_away")
@pytest.mark.parametrize("path", ["/", "/cart/", "/products/mug/", "/checkout/"])
def test_a_database_that_is_away_is_told_in_words_and_when_to_come_again(shopper, path):
    shopper.raise_request_exception = False
    answer = shopper.get(path)
    assert said(answer) == (503, "10")
    assert "We will be back in a moment" in answer.content.decode()
    assert said(shopper.post("/checkout/", {"key": "x"})) == (503, "10")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_database_away")
def test_the_real_server_tells_it_too():
    client = AsyncClient(raise_request_exception=False)
    assert said(async_to_sync(client.get)("/")) == (503, "10")


def test_the_word_of_a_database_that_is_away_needs_none(django_assert_num_queries):
    from django.template.loader import get_template

    with django_assert_num_queries(0):
        assert get_template("503.html").render()
