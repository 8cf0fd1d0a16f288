"""Confirming an address: only its owner can, and what was ordered with it becomes theirs."""

import pytest
from django.test import Client

from orders.models import Order
from shop import accounts
from tests.unit.storefront.conftest import placed
from tests.unit.storefront.people import ADA, LOGIN, SECRET, account, also, link, logged_in, prove

pytestmark = pytest.mark.django_db


def test_link_needs_a_click_so_that_no_mail_scanner_confirms(client):
    client.post("/signup/", ADA)
    client.get(link("confirm_address"))
    client.post("/login/", LOGIN)
    assert not logged_in(client)


def test_elsewhere_the_link_needs_the_password(client):
    client.post("/signup/", ADA)
    other = Client()
    assert other.post(link("confirm_address")).status_code == 422
    wrong = other.post(link("confirm_address"), {"password": "wrong"})
    assert "This is not your password." in wrong.content.decode()
    assert not logged_in(other)
    assert other.post(link("confirm_address"), {"password": SECRET}).url == "/account/"
    assert logged_in(other)


def test_who_opens_an_account_with_a_strangers_address_does_not_get_their_orders(client):
    """The stranger clicks the link without having opened the account: nothing comes of it."""
    order = placed()
    thief = Client()
    thief.post("/signup/", ADA)
    client.post(link("confirm_address"), {"password": "my own password"})
    thief.post("/login/", LOGIN)
    assert not logged_in(thief)
    assert Order.objects.get(pk=order.pk).customer_id == ""


def test_a_link_counts_once(client):
    client.post("/signup/", ADA)
    client.post(link("confirm_address"))
    again = Client().post(link("confirm_address"), {"password": SECRET})
    assert again.status_code == 404
    assert "used up" in again.content.decode()


def test_a_link_gets_too_old(client, settings):
    client.post("/signup/", ADA)
    settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = -1
    assert client.get(link("confirm_address")).status_code == 404
    assert client.post(link("confirm_address")).status_code == 404
    assert not logged_in(client)


def test_a_forged_link_confirms_nothing(client):
    client.post("/signup/", ADA)
    assert client.post(link("confirm_address")[:-3] + "xx/").status_code == 404
    assert not logged_in(client)


def test_confirming_takes_over_what_was_ordered_as_a_guest(client):
    order = placed()
    client.post("/signup/", ADA)
    assert Order.objects.get(pk=order.pk).customer_id == ""
    client.post(link("confirm_address"))
    assert order.number in client.get("/account/orders/").content.decode()


def test_a_second_address_brings_its_orders_too(client):
    order = placed()
    bob = account("bob@example.com", "Bob")
    client.force_login(bob)
    prove(client)
    client.post("/account/emails/", {"action_add": "", "email": "ada@example.com"})
    assert Order.objects.get(pk=order.pk).customer_id == ""
    client.post(link("confirm_address"))
    assert Order.objects.get(pk=order.pk).customer_id == accounts.customer_id(bob)


def test_what_was_ordered_logged_out_is_taken_over_at_the_next_login(client):
    account()
    order = placed()
    client.post("/login/", LOGIN)
    assert order.number in client.get("/account/orders/").content.decode()


def test_an_address_one_only_claims_to_have_brings_nothing(client):
    bob = account("bob@example.com", "Bob")
    also(bob, "ada@example.com", confirmed=False)
    order = placed()
    client.post("/login/", {"login": "bob@example.com", "password": SECRET})
    assert logged_in(client)
    assert Order.objects.get(pk=order.pk).customer_id == ""


def test_an_address_somebody_claims_to_have_is_still_free_for_its_owner(client):
    also(account("bob@example.com", "Bob"), "ada@example.com", confirmed=False)
    client.post("/signup/", ADA)
    client.post(link("confirm_address"))
    assert logged_in(client)


def test_an_address_belongs_to_one_account(client):
    bob = account("bob@example.com", "Bob")
    client.force_login(bob)
    prove(client)
    client.post("/account/emails/", {"action_add": "", "email": "ada@example.com"})
    address = link("confirm_address")
    account()
    assert "belongs to another account" in client.get(address).content.decode()
    client.post(address)
    assert not bob.emailaddress_set.get(email="ada@example.com").verified
