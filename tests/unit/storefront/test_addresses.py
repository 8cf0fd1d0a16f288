"""Addresses kept for the next order."""

import pytest

from shop import accounts
from shop.accounts import addresses
from shop.storefront.models import SavedAddress
from tests.unit.storefront.people import account

pytestmark = pytest.mark.django_db

VIENNA = {
    "name": "Ada Lovelace",
    "line1": "1 Linden Street",
    "postcode": "1010",
    "city": "Vienna",
    "country": "AT",
}


@pytest.fixture
def me(client) -> str:
    user = account()
    client.force_login(user)
    return accounts.customer_id(user)


def kept(customer_id: str) -> list[tuple[str, bool]]:
    return [(one.name, one.is_default) for one in addresses.addresses_of(customer_id)]


def test_the_first_address_is_the_default(client, me):
    assert client.post("/account/addresses/add/", VIENNA).url == "/account/addresses/"
    client.post("/account/addresses/add/", {**VIENNA, "name": "Bob"})
    assert kept(me) == [("Ada Lovelace", True), ("Bob", False)]
    assert "1 Linden Street" in client.get("/account/addresses/").content.decode()


def test_one_address_is_the_default(client, me):
    client.post("/account/addresses/add/", VIENNA)
    client.post("/account/addresses/add/", {**VIENNA, "name": "Bob", "is_default": "on"})
    assert kept(me) == [("Bob", True), ("Ada Lovelace", False)]


def test_an_address_is_changed_in_its_place(client, me):
    client.post("/account/addresses/add/", VIENNA)
    saved = SavedAddress.objects.get()
    page = client.get(f"/account/addresses/{saved.pk}/").content.decode()
    assert 'value="1 Linden Street"' in page
    client.post(f"/account/addresses/{saved.pk}/", {**VIENNA, "city": "Wien"})
    assert [one.city for one in SavedAddress.objects.all()] == ["Wien"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("country", "XX"), ("postcode", "nonsense"), ("line1", "x" * 201)],
)
def test_wrong_address_is_refused_by_name(client, me, field, value):
    page = client.post("/account/addresses/add/", {**VIENNA, field: value})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert not SavedAddress.objects.exists()


@pytest.mark.parametrize("what", ["", "delete/"])
def test_somebody_elses_address_is_not_there(client, me, what):
    theirs = SavedAddress.objects.create(customer_id="user-0", name="Bob", country="AT")
    assert client.post(f"/account/addresses/{theirs.pk}/{what}", VIENNA).status_code == 404
    theirs.refresh_from_db()
    assert theirs.name == "Bob"


def test_deleting_an_address_needs_post(client, me):
    client.post("/account/addresses/add/", VIENNA)
    saved = SavedAddress.objects.get()
    assert client.get(f"/account/addresses/{saved.pk}/delete/").status_code == 405
    client.post(f"/account/addresses/{saved.pk}/delete/")
    assert kept(me) == []


def test_there_is_an_end_to_addresses(client, me):
    for number in range(addresses.MOST_ADDRESSES):
        SavedAddress.objects.create(customer_id=me, name=str(number), country="AT")
    page = client.post("/account/addresses/add/", VIENNA)
    assert page.status_code == 422
    assert "delete one first" in page.content.decode()


def test_the_form_has_the_fields_of_the_country_that_is_asked_for(client, me):
    fields = {}
    for country in ("US", "AT", "XX"):
        page = client.get(f"/account/addresses/add/?country={country}")
        fields[country] = [field.name for field in page.context["form"].by_country]
    assert fields["US"] == ["postcode", "city", "region"]
    assert fields["AT"] == ["postcode", "city"]
    assert page.status_code == 200
