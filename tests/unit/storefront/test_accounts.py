"""Accounts: opening one, getting in and out, and what comes along."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from eventbus.testing import emitted
from shop import accounts
from shop.events import AccountMailRequested, UserRegistered
from tests.unit.storefront.conftest import held, listed, put
from tests.unit.storefront.people import ADA, LOGIN, SECRET, account, kinds, link, logged_in, opened

pytestmark = pytest.mark.django_db

ASKED = ("confirm_address", "ada@example.com")


@pytest.fixture
def ada():
    return account()


def test_signing_up_opens_an_account_which_its_mail_leads_into(client):
    assert client.post("/signup/", ADA).url == "/account/confirm/"
    assert not logged_in(client)
    assert kinds() == [ASKED]
    assert client.post(link("confirm_address")).url == "/account/"
    assert "Hello Ada" in client.get("/account/").content.decode()


def test_sign_up_is_emitted_with_the_language_it_happened_in(client):
    client.post("/de/signup/", ADA)
    assert [(e.email, e.name, e.language) for e in emitted(UserRegistered)] == [
        ("ada@example.com", "Ada", "de")
    ]
    mail = emitted(AccountMailRequested)[0]
    assert mail.language == "de"
    assert opened(mail.link).startswith("http://127.0.0.1:8000/de/account/confirm/")


def test_links_in_mails_lead_to_the_shop_whatever_host_was_asked(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/signup/", ADA, headers={"host": "evil.example"})
    assert opened(emitted(AccountMailRequested)[0].link).startswith(f"{settings.SHOP_URL}/account/")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "nonsense"),
        ("email", "x" * 250 + "@example.com"),
        ("password1", "short"),
        ("password1", "password"),
        ("password1", "8305718296"),
        ("password1", "ada@example.com"),
        ("password1", ""),
    ],
)
def test_wrong_sign_up_is_refused_by_name(client, field, value):
    page = client.post("/signup/", {**ADA, field: value})
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not get_user_model().objects.exists()


def test_an_account_is_opened_with_its_event_and_its_mail_or_not_at_all(client, monkeypatch):
    from shop.accounts.adapter import AccountAdapter

    def broken(*args):
        raise RuntimeError("no mail")

    monkeypatch.setattr(AccountAdapter, "send_mail", broken)
    with pytest.raises(RuntimeError, match="no mail"):
        client.post("/signup/", ADA)
    assert not get_user_model().objects.exists()
    assert not emitted(UserRegistered)


def test_one_address_has_one_account(ada):
    with pytest.raises(accounts.AlreadyRegistered):
        accounts.register("ADA@example.com ", SECRET, "Eve")
    assert len(emitted(UserRegistered)) == 1


def test_signing_up_answers_the_same_when_there_is_an_account(client, ada):
    taken = client.post("/signup/", ADA)
    free = Client().post("/signup/", {**ADA, "email": "bob@example.com"})
    assert (taken.status_code, taken.url) == (free.status_code, free.url)
    assert kinds() == [
        ("account_exists", "ada@example.com"),
        ("confirm_address", "bob@example.com"),
    ]
    assert len(emitted(UserRegistered)) == 2


def test_who_loses_the_race_for_an_address_gets_the_answer_everybody_gets(client, monkeypatch):
    """The form saw the address free; meanwhile somebody opened an account with it."""

    def too_late(*args, **kwargs):
        raise accounts.AlreadyRegistered

    monkeypatch.setattr(accounts, "register", too_late)
    assert client.post("/signup/", ADA).url == "/account/confirm/"
    assert kinds() == [("account_exists", "ada@example.com")]


def test_login_by_address_however_it_is_written(client, ada):
    assert client.post("/login/", LOGIN).url == "/account/"


def test_who_has_not_confirmed_their_address_gets_the_link_again_instead_of_in(client):
    accounts.register("ada@example.com", SECRET, "Ada")
    assert client.post("/login/", LOGIN).url == "/account/confirm/"
    assert not logged_in(client)
    assert kinds() == [ASKED]


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"login": "nobody@example.com"}])
def test_wrong_password_and_unknown_address_are_refused_with_the_same_words(client, ada, wrong):
    page = client.post("/login/", {**LOGIN, **wrong})
    assert page.status_code == 422
    assert "E-mail or password: we do not know this pair." in page.content.decode()


def test_a_closed_account_lets_nobody_in(client, ada):
    get_user_model().objects.update(is_active=False)
    assert client.post("/login/", LOGIN).url == "/account/closed/"
    assert client.get("/account/closed/").status_code == 200
    assert not logged_in(client)


@pytest.mark.parametrize("fields", [None, ["is_active"]])
def test_who_was_logged_in_before_an_account_was_closed_is_not_when_it_is_open_again(
    client, ada, fields
):
    client.post("/login/", LOGIN)
    assert logged_in(client)
    for is_open in (False, True):
        ada.is_active = is_open
        ada.save(update_fields=fields)
    assert client.get("/account/").status_code == 302
    assert not logged_in(client)


def test_guessing_passwords_is_stopped(client, ada):
    for _ in range(5):
        client.post("/login/", {**LOGIN, "password": "wrong"})
    page = client.post("/login/", LOGIN)
    assert page.status_code == 429
    assert "Too many wrong passwords" in page.content.decode()


def test_opening_accounts_by_machine_is_stopped(client):
    answers = [client.post("/signup/", {}).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


def test_login_leads_back_to_where_one_wanted_to_go(client, ada):
    assert client.get("/account/").url == "/login/?next=/account/"
    assert client.post("/login/", {**LOGIN, "next": "/checkout/"}).url == "/checkout/"


@pytest.mark.parametrize("away", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_no_link_leads_away_from_the_shop(client, ada, away):
    assert client.post("/login/", {**LOGIN, "next": away}).url == "/account/"
    assert client.get("/login/", {"next": away}).url == "/account/"
    assert client.post("/logout/", {"next": away}).url == "/"


def test_the_session_known_before_login_is_not_the_one_after(client, ada, mug):
    put(client, "MUG")
    planted = client.session.session_key
    client.post("/login/", LOGIN)
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/account/").status_code == 302


def test_logging_out_needs_post_and_leaves_no_cart_behind(client, ada, mug):
    client.post("/login/", LOGIN)
    put(client, "MUG")
    assert "Do you want to log out?" in client.get("/logout/").content.decode()
    assert logged_in(client)
    assert client.post("/logout/").url == "/"
    assert not logged_in(client)
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
    client.post(link("confirm_address"))
    assert logged_in(client)
    assert held(client) == {"MUG": 2}


def test_admin_link_is_for_staff_only(client, admin_client, ada):
    assert ">Admin</a>" in admin_client.get("/cart/").content.decode()
    client.post("/login/", LOGIN)
    assert ">Admin</a>" not in client.get("/cart/").content.decode()


def test_staff_log_in_to_the_admin_by_name(client, admin_user):
    client.post("/admin/login/", {"username": "admin", "password": "password"})
    assert logged_in(client)
