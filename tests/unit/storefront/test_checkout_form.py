"""The checkout's form: addresses by country, what is remembered, where reminders go."""

import pytest
from django import forms

from eventbus.testing import emitted
from orders.events import OrderPlaced
from shop import accounts
from shop.events import CartUpdated
from shop.storefront.forms import CheckoutForm
from shop.storefront.models import Cart, SavedAddress
from tests.unit.storefront.conftest import ADDRESSES, filled_in, looked_at, placed
from tests.unit.storefront.people import logged_in_with_cart

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(shopper):
    """Has an account, and the cart."""
    user = logged_in_with_cart(shopper)
    Cart.objects.update(customer_id=accounts.customer_id(user), email=user.email)
    return user


def errors(client, **changes) -> dict:
    return client.post("/checkout/", filled_in(client, **changes)).context["form"].errors


def labels(page) -> list[str]:
    return [str(field.label) for field in page.context["form"].by_country]


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("US", ["ZIP code", "Town or city", "State"]),
        ("AU", ["Postcode", "Suburb", "State"]),
        ("IE", ["Eircode", "Town or city", "County"]),
        ("AT", ["Postcode", "Town or city"]),
        ("SG", ["Postcode", "Town or city"]),
    ],
)
def test_country_decides_the_fields_and_what_they_are_called(shopper, country, expected):
    page = looked_at(shopper, {"country": country, "line1": "Typed Street"}, update="country")
    assert labels(page) == expected
    assert 'value="Typed Street"' in page.content.decode()
    assert not page.context["form"].errors


@pytest.mark.parametrize("country", sorted(ADDRESSES))
def test_address_as_the_country_writes_it_is_taken(shopper, country):
    shopper.post("/checkout/", filled_in(shopper, country=country))
    sent = emitted(OrderPlaced)[0].ship_to
    assert (sent.country, sent.postcode) == (country, ADDRESSES[country]["postcode"])
    assert sent.region == ADDRESSES[country].get("region", "")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"country": "US", "postcode": "10001"}, "postcode"),
        ({"country": "US", "region": ""}, "region"),
        ({"country": "US", "region": "Tirol"}, "region"),
        ({"country": "AT", "postcode": "101"}, "postcode"),
        ({"country": "FR", "city": ""}, "city"),
    ],
    ids=["of another state", "no state", "no such state", "too short", "no town"],
)
def test_address_that_the_country_does_not_have_is_refused_by_field(shopper, changes, field):
    assert set(errors(shopper, **changes)) == {field}


def test_wrong_postcode_is_told_with_an_example(shopper):
    assert "looks like 1010" in errors(shopper, country="AT", postcode="x")["postcode"][0]


def test_postcode_is_written_as_the_country_does(shopper):
    shopper.post("/checkout/", filled_in(shopper, postcode="n1 9gu"))
    assert emitted(OrderPlaced)[0].ship_to.postcode == "N1 9GU"


def test_countries_stand_in_the_order_of_the_readers_alphabet(shopper):
    choices = shopper.get("/checkout/").context["form"].fields["country"].choices
    names = [str(name) for _, name in choices[1:]]
    assert names == sorted(names)


def test_sample_address_can_be_ordered_as_it_is(shopper):
    page = shopper.get("/checkout/?sample")
    typed = {name: field.value() or "" for name, field in fields(page)}
    form = {**typed, "key": page.context["key"], "total": page.context["quote"].total}
    assert shopper.post("/checkout/", form).status_code == 302


def fields(page):
    form = page.context["form"]
    return [(name, form[name]) for name in form.fields if name != "remind"]


def test_what_was_typed_is_there_again_after_a_look_elsewhere(shopper):
    looked_at(shopper, filled_in(shopper, city="Typed Town", card_number="4242"))
    page = shopper.get("/checkout/").content.decode()
    assert 'value="Typed Town"' in page
    assert 'value="4242"' not in page


def test_a_field_that_has_no_place_of_its_own_is_on_the_page_and_kept(shopper, monkeypatch):
    monkeypatch.setitem(CheckoutForm.base_fields, "wrapping", forms.CharField(label="Wrapping"))
    looked_at(shopper, {**filled_in(shopper), "wrapping": "blue"})
    page = shopper.get("/checkout/").content.decode()
    assert 'name="wrapping" value="blue"' in page
    assert page.count('name="email"') == 1


def test_nothing_typed_is_left_after_the_order(shopper):
    form = filled_in(shopper, city="Typed Town")
    assert shopper.session["form_data"]["city"] == "Typed Town"
    shopper.post("/checkout/", form)
    assert "form_data" not in shopper.session


def test_last_orders_address_is_filled_in(shopper, ada):
    placed(accounts.customer_id(ada))
    page = shopper.get("/checkout/").content.decode()
    assert 'value="London"' in page
    assert 'value="ada@example.com"' in page


def test_saved_addresses_are_offered_and_the_chosen_one_filled_in(shopper, ada):
    mine = accounts.customer_id(ada)
    home = SavedAddress(name="Home", line1="Weg 1", postcode="1010", city="Wien", country="AT")
    work = SavedAddress(name="Work", line1="Str 2", postcode="8010", city="Graz", country="AT")
    for address in (home, work):
        address.customer_id = mine
        address.save()
    assert 'value="Weg 1"' in shopper.get("/checkout/").content.decode()
    page = looked_at(shopper, {"saved": str(work.pk), "email": "a@b.example"}, update="saved")
    assert 'value="Str 2"' in page.content.decode()
    assert 'value="a@b.example"' in page.content.decode()


@pytest.mark.parametrize("chosen", ["others", "nonsense", "0"])
def test_anothers_saved_address_is_not_shown(shopper, ada, chosen):
    others = SavedAddress.objects.create(
        customer_id="user-0", name="X", line1="Secret", country="AT"
    )
    chosen = str(others.pk) if chosen == "others" else chosen
    page = looked_at(shopper, {"saved": chosen, "line1": "Mine"}, update="saved")
    assert "Secret" not in page.content.decode()
    assert 'value="Mine"' in page.content.decode()


def test_guest_who_wants_it_can_be_reminded(shopper):
    form = {"email": "ada@example.com", "remind": "on"}
    looked_at(shopper, form)
    assert Cart.objects.get().email == "ada@example.com"
    assert emitted(CartUpdated)[-1].email == "ada@example.com"
    looked_at(shopper, {**form, "remind": ""})
    assert Cart.objects.get().email == ""
    assert emitted(CartUpdated)[-1].email is None


@pytest.mark.parametrize(
    "form", [{"email": "ada@example.com"}, {"email": "nonsense", "remind": "on"}, {"remind": "on"}]
)
def test_nobody_is_reminded_who_did_not_ask(shopper, form):
    looked_at(shopper, form)
    assert Cart.objects.get().email == ""
    assert not emitted(CartUpdated)


def test_reminder_is_asked_for_and_not_presumed(shopper):
    page = shopper.get("/checkout/")
    assert "Remind me by mail" in page.content.decode()
    assert not page.context["form"]["remind"].value()


def test_order_is_in_the_language_the_shopper_reads(client, mug):
    client.post("/de/products/mug/MUG/", {"quantity": 1})
    client.post("/de/checkout/", filled_in(client))
    assert emitted(OrderPlaced)[0].language == "de"
    assert Cart.objects.get().language == "de"
