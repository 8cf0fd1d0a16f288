"""A forgotten password, and a new one."""

import pytest
from django.test import Client

from shop import accounts
from tests.unit.storefront.people import LOGIN, SECRET, account, kinds, link, logged_in, prove

pytestmark = pytest.mark.django_db

NEW = "another long secret"


@pytest.fixture
def ada():
    return account()


def reset(client, address: str, password: str = NEW):
    """Follow the link, and choose a password on the page it leads to."""
    page = client.get(address)
    return client.post(page.url, {"password1": password})


def test_the_link_lets_its_reader_choose_a_new_password(client, ada):
    assert client.post("/password-reset/", {"email": "ADA@example.com"}).url == (
        "/password-reset/sent/"
    )
    assert reset(client, link("reset_password")).url == "/password-reset/done/"
    assert client.post("/login/", LOGIN).status_code == 422
    assert client.post("/login/", {**LOGIN, "password": NEW}).url == "/account/"


def test_the_link_is_not_in_the_address_of_the_page_where_the_password_is_chosen(client, ada):
    """The page could give it away to whatever it loads."""
    client.post("/password-reset/", {"email": "ada@example.com"})
    address = link("reset_password")
    key = address.rstrip("/").rpartition("-")[2]
    assert key not in client.get(address).url


def test_asking_answers_the_same_without_an_account(client, ada):
    known = client.post("/password-reset/", {"email": "ada@example.com"})
    unknown = client.post("/password-reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert kinds() == [("reset_password", "ada@example.com"), ("no_account", "nobody@example.com")]
    assert link("no_account", "nobody@example.com") == "/signup/"


def test_a_link_counts_once(client, ada):
    client.post("/password-reset/", {"email": "ada@example.com"})
    reset(client, link("reset_password"))
    page = Client().get(link("reset_password"))
    assert "used up" in page.content.decode()


def test_a_link_gets_too_old(client, ada, settings):
    client.post("/password-reset/", {"email": "ada@example.com"})
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "too old" in client.get(link("reset_password")).content.decode()


def test_a_link_is_for_one_account(client, ada):
    bob = account("bob@example.com", "Bob")
    client.post("/password-reset/", {"email": "ada@example.com"})
    key = link("reset_password").partition("-reset/")[2].partition("-")[2]
    page = client.get(f"/password-reset/{bob.pk}-{key}")
    assert "used up" in page.content.decode()


def test_a_link_is_void_when_the_password_was_changed_meanwhile(client, ada):
    client.post("/password-reset/", {"email": "ada@example.com"})
    ada.set_password(NEW)
    ada.save()
    assert "used up" in client.get(link("reset_password")).content.decode()


def test_a_weak_password_is_refused_by_name(client, ada):
    client.post("/password-reset/", {"email": "ada@example.com"})
    page = reset(client, link("reset_password"), "12345678")
    assert page.status_code == 422
    assert "password1" in page.context["form"].errors


def test_a_new_password_ends_every_other_session(client, ada):
    other = Client()
    other.force_login(ada)
    client.force_login(ada)
    changed = client.post("/account/password/", {"oldpassword": SECRET, "password1": NEW})
    assert changed.status_code == 302
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_changing_the_password_needs_the_current_one(client, ada):
    client.force_login(ada)
    page = client.post("/account/password/", {"oldpassword": "wrong", "password1": NEW})
    assert page.status_code == 422
    assert "This is not your current password." in page.content.decode()


def test_mails_to_one_address_are_not_sent_without_end(client, ada):
    answers = [client.post("/password-reset/", {"email": "ada@example.com"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert len(kinds()) == 5


def test_resetting_does_not_confirm_an_address_it_only_allows_to(client):
    """Also the way for somebody with whose address a stranger opened an account."""
    accounts.register("ada@example.com", "the stranger's secret", "Ada")
    client.post("/password-reset/", {"email": "ada@example.com"})
    reset(client, link("reset_password"))
    assert client.post("/login/", {**LOGIN, "password": NEW}).url == "/account/confirm/"
    client.post(link("confirm_address"))
    assert logged_in(client)


def test_changing_addresses_needs_the_password(client, ada):
    client.force_login(ada)
    asked = client.post("/account/emails/", {"action_add": "", "email": "new@example.com"})
    assert asked.url.startswith("/account/password-check/")
    assert not kinds()
    client.post(asked.url, {"password": SECRET, "next": "/account/emails/"})
    assert kinds() == [("confirm_address", "new@example.com")]


def test_a_new_main_address_must_be_confirmed_first(client, ada):
    client.force_login(ada)
    prove(client)
    client.post("/account/emails/", {"action_add": "", "email": "new@example.com"})
    client.post("/account/emails/", {"action_primary": "", "email": "new@example.com"})
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"
    client.post(link("confirm_address", "new@example.com"))
    client.post("/account/emails/", {"action_primary": "", "email": "new@example.com"})
    ada.refresh_from_db()
    assert ada.email == "new@example.com"


def test_adding_an_address_tells_nothing_about_its_owner(client, ada):
    account("bob@example.com", "Bob")
    client.force_login(ada)
    prove(client)
    taken = client.post("/account/emails/", {"action_add": "", "email": "bob@example.com"})
    free = client.post("/account/emails/", {"action_add": "", "email": "free@example.com"})
    assert (taken.status_code, taken.url) == (free.status_code, free.url)


def test_the_last_address_stays(client, ada):
    client.force_login(ada)
    prove(client)
    client.post("/account/emails/", {"action_remove": "", "email": "ada@example.com"})
    assert ada.emailaddress_set.count() == 1
