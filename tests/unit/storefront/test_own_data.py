"""A copy of one's data, and the end of an account."""

import json
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from billing.models import Charge, Invoice
from eventbus.testing import emitted, given, settle
from loyalty.events import PointsEarned
from orders.models import Order, Return
from shop import accounts
from shop.accounts import tokens
from shop.events import CustomerErased
from shop.storefront.models import ApiToken, Cart, Points, PointsLine, Profile, SavedAddress
from tests.unit.storefront.conftest import placed, put
from tests.unit.storefront.people import SECRET, account, also

pytestmark = pytest.mark.django_db


def ended(customer_id: str) -> Order:
    """An order of theirs that is over."""
    order = placed(customer_id)
    Order.objects.filter(pk=order.pk).update(ended_at=order.placed_at)
    return order


def delete(client, password: str = SECRET):
    return client.post("/account/delete/", {"password": password})


def test_the_copy_holds_everything_by_topic(client, ada, me, mug):
    order = placed(me)
    settle(but=["billing"])
    charge = Charge.objects.create(order_id=order.pk, card_last4="4242")
    invoice = Invoice.issue(charge)
    given(
        PointsEarned(customer_id=me, order_id=order.pk, points=30, balance=30, revision=1),
        to="shop",
    )
    SavedAddress.objects.create(customer_id=me, name="Ada at work", country="AT")
    put(client, "MUG")
    data = json.loads(client.get("/account/data/export/").content)
    assert data["profile"]["emails"] == [{"email": "ada@example.com", "verified": True}]
    assert data["addresses"][0]["name"] == "Ada at work"
    assert data["orders"][0]["number"] == order.number
    assert [line["sku"] for line in data["orders"][0]["lines"]] == ["MUG", "POT"]
    assert data["payments"][0]["card_last4"] == "4242"
    assert data["payments"][0]["invoice"] == invoice.number
    assert data["points"]["lines"][0]["points"] == 30
    assert data["carts"][0]["items"][0]["sku"] == "MUG"
    assert "ada@example.com" in {mail["recipient"] for mail in data["mails"]}


def test_the_copy_is_a_file_and_holds_no_secret(client, me):
    token = tokens.make_token(me, "Till")
    placed(me, key="a key")
    answer = client.get("/account/data/export/")
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    text = answer.content.decode()
    assert ApiToken.objects.get().digest not in text
    assert token not in text
    assert "a key" not in text
    assert "Till" in text


def test_the_copy_needs_the_password(client):
    client.force_login(account())
    assert client.get("/account/data/export/").url.startswith("/account/password-check/")


def test_the_copy_is_of_ones_own_data_only(client, me):
    other = placed("user-0")
    assert other.number not in client.get("/account/data/export/").content.decode()


def test_deleting_forgets_who_it_was_and_emits_it(client, ada, me, mug):
    order = ended(me)
    put(client, "MUG")
    cart = Cart.objects.get(customer_id=me)
    SavedAddress.objects.create(customer_id=me, name="Ada", country="AT")
    token = tokens.make_token(me, "Till")
    assert delete(client).url == "/"
    (event,) = emitted(CustomerErased)
    assert (event.customer_id, event.email) == (me, "ada@example.com")
    assert (event.order_ids, event.cart_ids) == ((order.pk,), (cart.pk,))
    assert not get_user_model().objects.exists()
    assert not SavedAddress.objects.exists()
    assert not Profile.objects.exists()
    assert accounts.user_of_token(token) is None
    cart.refresh_from_db()
    assert (cart.customer_id, cart.email) == ("", "")
    assert client.get("/account/").status_code == 302


def test_deleting_ends_every_session(client, ada):
    other = Client()
    other.force_login(ada)
    delete(client)
    assert other.get("/account/").status_code == 302


def test_the_shops_read_models_forget_too(client, ada, me):
    order = ended(me)
    given(
        PointsEarned(customer_id=me, order_id=order.pk, points=30, balance=30, revision=1),
        to="shop",
    )
    delete(client)
    given(*_stated_again(), to="shop")
    assert not Points.objects.exists()
    assert not PointsLine.objects.exists()


def _stated_again() -> list[CustomerErased]:
    return [CustomerErased.from_data(event.to_data()) for event in emitted(CustomerErased)]


def test_every_address_that_is_proven_to_be_theirs_is_forgotten_and_no_other(client, ada):
    also(ada, "ada@work.example")
    also(ada, "bob@example.com", confirmed=False)
    delete(client)
    assert {event.email for event in emitted(CustomerErased)} == {
        "ada@example.com",
        "ada@work.example",
    }


def test_what_was_ordered_as_a_guest_is_forgotten_with_the_rest(client, ada):
    order = ended("")
    delete(client)
    assert emitted(CustomerErased)[0].order_ids == (order.pk,)


@pytest.mark.parametrize("password", ["wrong", ""])
def test_deleting_needs_the_password(client, ada, password):
    assert delete(client, password).status_code == 422
    assert get_user_model().objects.exists()
    assert not emitted(CustomerErased)


def test_an_account_with_an_open_order_stays(client, ada, me):
    order = placed(me)
    page = delete(client)
    assert page.status_code == 409
    assert order.number in page.content.decode()
    assert get_user_model().objects.exists()
    assert not emitted(CustomerErased)


def test_an_open_order_placed_as_a_guest_counts_too(client, ada):
    order = placed()
    page = delete(client)
    assert order.number in page.content.decode()
    assert get_user_model().objects.exists()


@pytest.mark.parametrize(("state", "status"), [("approved", 409), ("received", 302)])
def test_an_account_whose_goods_are_coming_back_stays(client, me, state, status):
    back = Return(id=uuid4(), order=ended(me), state=state)
    back.save()
    assert delete(client).status_code == status


def test_staff_are_not_deleted_here(client, ada):
    get_user_model().objects.update(is_staff=True)
    page = delete(client)
    assert page.status_code == 409
    assert "in the admin" in page.content.decode()
    assert get_user_model().objects.exists()


def test_the_address_is_free_for_a_new_account(client, ada):
    delete(client)
    assert account().pk != ada.pk
