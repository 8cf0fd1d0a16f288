"""Accounts."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from loyalty.events import PointsEarned
from shop.bus.testing import emitted, given
from shop.events import UserRegistered
from shop.storefront import accounts
from tests.storefront.conftest import held, listed, page_of, placed, put

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada", "email": "Ada@Example.com", "password": "a long secret"}
LOGIN = {"username": "ada@EXAMPLE.com", "password": "a long secret"}


@pytest.fixture
def ada():
    return accounts.register(**ADA)


def test_signing_up_opens_an_account_and_logs_in(client):
    assert client.post("/signup/", ADA).url == "/account/"
    assert [(e.email, e.name) for e in emitted(UserRegistered)] == [("ada@example.com", "Ada")]
    assert "Hello Ada" in client.get("/account/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "nonsense"),
        ("email", "x" * 150 + "@example.com"),
        ("password", "short"),
        ("password", ""),
    ],
)
def test_wrong_sign_up_is_refused_by_name(client, field, value):
    page = client.post("/signup/", {**ADA, field: value})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not get_user_model().objects.exists()


def test_one_address_has_one_account(client, ada):
    page = client.post("/signup/", {**ADA, "email": "ADA@example.com"})
    assert "E-mail: There is an account for this address already." in page.content.decode()
    assert len(emitted(UserRegistered)) == 1


def test_login_by_address_however_it_is_written(client, ada):
    assert client.post("/login/", LOGIN).url == "/account/"


def test_wrong_password_is_refused_by_name(client, ada):
    page = client.post("/login/", {**LOGIN, "password": "wrong"})
    assert page.status_code == 422
    assert "E-mail or password: we do not know this pair." in page.content.decode()


def test_login_leads_back_to_where_one_wanted_to_go_but_never_away(client, ada):
    assert client.get("/account/").url == "/login/?next=/account/"
    assert client.post("/login/", {**LOGIN, "next": "/checkout/"}).url == "/checkout/"
    client.post("/logout/")
    assert client.post("/login/", {**LOGIN, "next": "//evil.example"}).url == "/account/"


def test_logging_out_needs_post_and_leaves_no_cart_behind(client, ada, mug):
    client.post("/login/", LOGIN)
    put(client, "MUG")
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == "/"
    assert held(client) == {}


def test_cart_comes_along_at_login(client, ada, mug):
    put(client, "MUG", 2)
    client.post("/login/", LOGIN)
    assert held(client) == {"MUG": 2}


def test_cart_left_on_another_device_is_there_after_login(client, ada, mug):
    listed("POT")
    phone = Client()
    phone.post("/login/", LOGIN)
    put(phone, "MUG", 1)
    put(client, "MUG", 2)
    put(client, "POT", 1)
    client.post("/login/", LOGIN)
    assert held(client) == held(phone) == {"MUG": 3, "POT": 1}


def test_cart_comes_along_at_sign_up(client, mug):
    put(client, "MUG", 2)
    client.post("/signup/", ADA)
    assert held(client) == {"MUG": 2}


def test_account_shows_ones_own_orders_and_points_only(client, ada):
    customer = accounts.customer_id(ada)
    mine, other = placed(customer), placed("user-0")
    earned = {"points": 30, "balance": 1234, "revision": 1}
    given(PointsEarned(customer_id=customer, order_id=mine.pk, **earned), to="shop")
    client.post("/login/", LOGIN)
    page = client.get("/account/").content.decode()
    assert page_of(mine.pk) in page
    assert page_of(other.pk) not in page
    assert "1,234" in page


def test_account_without_points_shows_none(client, ada):
    client.post("/login/", LOGIN)
    assert client.get("/account/").context["points"] == 0


def test_admin_link_is_for_staff_only(client, admin_client, ada):
    assert ">Admin</a>" in admin_client.get("/").content.decode()
    client.post("/login/", LOGIN)
    assert ">Admin</a>" not in client.get("/").content.decode()
