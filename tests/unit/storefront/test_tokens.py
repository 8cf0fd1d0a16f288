"""Tokens by which programs act for a customer."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.test import Client

from shop import accounts
from shop.accounts import tokens
from shop.storefront.models import ApiToken
from tests.unit.storefront.people import SECRET, account, link

pytestmark = pytest.mark.django_db


def test_a_token_is_shown_once_and_kept_nowhere(client, ada):
    assert client.post("/account/tokens/", {"name": "Till"}).url == "/account/tokens/"
    token = client.get("/account/tokens/").context["new"]
    assert accounts.user_of_token(token) == ada
    again = client.get("/account/tokens/").content.decode()
    assert token not in again
    assert "Till" in again
    assert token not in str(ApiToken.objects.values())


def test_making_a_token_needs_the_password(client):
    client.force_login(account())
    asked = client.post("/account/tokens/", {"name": "Till"})
    assert asked.url.startswith("/account/password-check/")
    assert not ApiToken.objects.exists()
    client.post(asked.url, {"password": SECRET, "next": "/account/tokens/"})
    assert client.get("/account/tokens/").context["new"]


def test_a_revoked_token_works_no_longer(client, ada, me):
    token = tokens.make_token(me, "Till")
    client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert accounts.user_of_token(token) is None
    assert "Till" not in client.get("/account/tokens/").content.decode().split("</ul>")[-1]


@pytest.mark.parametrize("wrong", ["", "shop_", "shop_nonsense", "\x00", "é" * 300])
def test_what_is_no_token_is_nobodys(wrong, ada):
    assert accounts.user_of_token(wrong) is None


def test_token_of_a_closed_account_works_no_longer(me):
    token = tokens.make_token(me, "Till")
    get_user_model().objects.update(is_active=False)
    assert accounts.user_of_token(token) is None


def test_use_is_noted_but_not_at_every_call(me):
    token = tokens.make_token(me, "Till")
    accounts.user_of_token(token)
    first = ApiToken.objects.get().last_used_at
    assert first
    accounts.user_of_token(token)
    assert ApiToken.objects.get().last_used_at == first


def test_somebody_elses_token_is_not_there(client, ada):
    token = tokens.make_token("user-0", "Theirs")
    assert client.post(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/").status_code == 404
    assert ApiToken.objects.get().revoked_at is None
    assert token


def test_a_token_needs_a_name(client, ada):
    page = client.post("/account/tokens/", {"name": ""})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["name"]


def test_form_without_a_name_is_sent_to_its_own_address_after_the_password(client):
    client.force_login(account())
    asked = client.post("/account/tokens/", {"name": ""})
    page = client.post(asked.url, {"password": SECRET})
    assert page.status_code == 422
    assert 'action="/account/tokens/"' in page.content.decode()


def test_there_is_an_end_to_tokens(client, me):
    for number in range(tokens.MOST_TOKENS):
        tokens.make_token(me, str(number))
    page = client.post("/account/tokens/", {"name": "one more"})
    assert page.status_code == 422
    assert "revoke one first" in page.content.decode()


def _by_its_owner(client, user):
    client.post("/account/password/", {"oldpassword": SECRET, "password1": "another long secret"})


def _by_mail(client, user):
    client.logout()
    client.post("/password-reset/", {"email": user.email})
    page = client.get(link("reset_password"))
    client.post(page.url, {"password1": "another long secret"})


def _by_staff(client, user):
    staff = Client()
    staff.force_login(get_user_model().objects.create_superuser("chief", "chief@example.com", "x"))
    new = {"password1": "another long secret", "password2": "another long secret"}
    staff.post(f"/admin/auth/user/{user.pk}/password/", {**new, "usable_password": "true"})


def _away_by_staff(client, user):
    user.set_unusable_password()
    user.save()


def _closed_for_a_while(client, user):
    user.is_active = False
    user.save()
    user.is_active = True
    user.save()


def _by_a_program(client, user):
    user.password = make_password("another long secret")
    user.save(update_fields=["password"])


@pytest.mark.parametrize(
    "changed",
    [
        _by_its_owner,
        _by_mail,
        _by_staff,
        _away_by_staff,
        _closed_for_a_while,
        _by_a_program,
    ],
)
def test_no_token_outlives_the_password_under_which_it_was_made(client, ada, me, changed):
    token = tokens.make_token(me, "Till")
    changed(client, get_user_model().objects.get(pk=ada.pk))
    assert accounts.user_of_token(token) is None
    assert not tokens.tokens_of(me)


def test_a_password_that_is_kept_in_a_stronger_way_is_the_same(client, ada, me, settings):
    token = tokens.make_token(me, "Till")
    usual = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    settings.PASSWORD_HASHERS = [usual, *settings.PASSWORD_HASHERS]
    assert get_user_model().objects.get(pk=ada.pk).check_password(SECRET)
    assert get_user_model().objects.get(pk=ada.pk).password.startswith("pbkdf2")
    assert accounts.user_of_token(token) == ada
