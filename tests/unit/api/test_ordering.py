"""From the quote to the order, once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from orders.models import Order
from pricing.demo import load_demo_codes
from shop.api.models import IdempotencyKey
from shop.ratelimit import rates
from tests.unit.api.asking import SHIP_TO, Caller
from tests.unit.storefront.conftest import available

KEY = "7c0ee7a2-9d4b-4f0e-8f4c-0d1d1b0a9a4e"


def test_quote_is_what_the_order_costs(guest):
    load_demo_codes()
    cart_id = guest.cart(MUG=2)
    placed = guest.order(cart_id, code="WELCOME10")
    assert placed.status_code == 201
    assert placed["Location"].endswith(f"/api/orders/{placed.json()['id']}")
    assert placed.json()["total"] == {"amount": "22.90", "currency": "EUR"}
    assert Order.objects.get().promotion == "WELCOME10"


def test_every_part_of_an_order_sent_to_the_api_is_read_as_it_is_seen(guest):
    typed = {"name": "Ada\u200b Love\u00adlace", "line1": "1\u2060 Main St"}
    code = guest.order(guest.cart(MUG=1), ship_to={**SHIP_TO, **typed}).status_code
    placed = Order.objects.get()
    assert (code, placed.ship_to["name"], placed.ship_to["line1"]) == (
        201,
        "Ada Lovelace",
        "1 Main St",
    )


@pytest.mark.parametrize("typed", ["WEL\u200bCOME10", "\ufeffWELCOME10", "\u202awelcome10\u2060"])
def test_a_code_is_known_by_what_is_seen_of_it(guest, typed):
    load_demo_codes()
    guest.order(guest.cart(MUG=1), code=typed)
    assert Order.objects.get().promotion == "WELCOME10"


def test_same_key_and_body_give_the_same_answer_and_one_order(guest):
    wish = guest.wish(guest.cart(MUG=1))
    answers = [guest.post("/orders", wish, KEY) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == Order.objects.count() == 1


def test_same_key_with_another_body_is_refused(guest):
    wish = guest.wish(guest.cart(MUG=1))
    guest.post("/orders", wish, KEY)
    answer = guest.post("/orders", {**wish, "email": "eve@example.com"}, KEY)
    assert answer.status_code == 409
    assert Order.objects.count() == 1


def test_key_is_free_again_after_a_day_and_its_order_still_is_one(guest):
    wish = guest.wish(guest.cart(MUG=1))
    first = guest.post("/orders", wish, KEY)
    IdempotencyKey.objects.update(made_at=timezone.now() - timedelta(hours=25))
    assert guest.post("/orders", wish, KEY).json() == first.json()
    IdempotencyKey.objects.update(made_at=timezone.now() - timedelta(hours=25))
    assert guest.order(guest.cart(POT=1), KEY).json()["id"] != first.json()["id"]
    assert IdempotencyKey.objects.count() == 1


def test_old_keys_are_cleared_away_by_those_that_come(guest):
    made_at = timezone.now() - timedelta(hours=25)
    old = [IdempotencyKey(key=str(n), request="", made_at=made_at) for n in range(105)]
    IdempotencyKey.objects.bulk_create(old)
    for left in (6, 2):
        assert guest.order(guest.cart(MUG=1)).status_code == 201
        assert IdempotencyKey.objects.count() == left


def test_what_was_refused_does_not_use_up_its_key(guest):
    wish = guest.wish(guest.cart(MUG=1))
    wrong = {**wish, "email": "nobody"}
    assert guest.post("/orders", wrong, KEY).json()["errors"].keys() == {"email"}
    assert guest.post("/orders", wish, KEY).status_code == 201


def test_customers_key_is_their_own(guest, ada):
    assert guest.order(guest.cart(MUG=1), KEY).status_code == 201
    assert ada.order(ada.cart(MUG=1), KEY).status_code == 201
    assert Order.objects.count() == 2


def test_order_needs_a_key(guest):
    answer = guest.post("/orders", guest.wish(guest.cart(MUG=1)))
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"Idempotency-Key": ["This is needed."]}


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("email", {"email": "nobody"}),
        ("ship_to.postcode", {"ship_to": {**SHIP_TO, "postcode": "1"}}),
        ("ship_to.city", {"ship_to": {**SHIP_TO, "city": ""}}),
        ("ship_to.country", {"ship_to": {**SHIP_TO, "country": "XX"}}),
        ("shipping", {"shipping": "drone"}),
        ("code", {"code": "NONE"}),
        ("points", {"points": 5}),
        ("points", {"points": False}),
        ("card.number", {"card": {"number": "4000 0000 0000 0001"}}),
        ("card.number", {"card": None}),
        ("total", {"total": "much"}),
        ("total", {"total": "1e1"}),
        ("cart_id", {"cart_id": "1"}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_ordered(guest, field, changes):
    wish = {**guest.wish(guest.cart(MUG=1)), **changes}
    answer = guest.post("/orders", wish, KEY)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not Order.objects.exists()


ALL_WRONG = {
    "email": "nobody",
    "shipping": "drone",
    "code": "NONE",
    "points": 5,
    "total": "much",
    "ship_to": {**SHIP_TO, "name": "", "postcode": "1"},
    "card": {"number": "4000 0000 0000 0001", "expiry": "13/20", "cvc": "1"},
}
NAMED = {
    *("email", "shipping", "code", "points", "total"),
    *("ship_to.name", "ship_to.postcode", "card.number", "card.expiry", "card.cvc"),
}


@pytest.mark.parametrize("left_out", [(), ("email", "shipping", "total")])
def test_all_that_is_wrong_with_an_order_is_told_at_once(guest, left_out):
    """Also where the schema has nothing to say, and only form and prices do."""
    sent = {name: value for name, value in ALL_WRONG.items() if name not in left_out}
    answer = guest.post("/orders", {**guest.wish(guest.cart(MUG=1)), **sent}, KEY)
    named = {name for name in NAMED if name.partition(".")[0] not in left_out}
    assert (answer.status_code, set(answer.json()["errors"])) == (422, named)
    assert not Order.objects.exists()


def test_codes_and_points_that_are_refused_are_told_together(guest):
    wish = {**guest.wish(guest.cart(MUG=1)), "code": "NONE", "points": 5}
    assert set(guest.post("/orders", wish, KEY).json()["errors"]) == {"code", "points"}
    asked = {"cart_id": wish["cart_id"], "country": "GB", "code": "NONE", "points": 5}
    assert set(guest.post("/quote", asked).json()["errors"]) == {"code", "points"}
    wrong = {**asked, "country": "XX"}
    assert set(guest.post("/quote", wrong).json()["errors"]) == {"country", "code", "points"}


def test_an_order_without_a_key_or_with_a_field_too_many_is_told_the_rest_too(guest):
    wish = {**guest.wish(guest.cart(MUG=1)), "code": "NONE", "colour": "blue"}
    answer = guest.post("/orders", wish)
    assert set(answer.json()["errors"]) == {"Idempotency-Key", "colour", "code"}


@pytest.mark.parametrize("cart_id", ["1", 1, None, "018f0000-0000-7000-8000-000000000000"])
def test_without_a_cart_the_form_is_looked_through_and_no_price_told(guest, cart_id):
    wish = {**guest.wish(guest.cart(MUG=1)), **ALL_WRONG, "cart_id": cart_id}
    errors = set(guest.post("/orders", wish, KEY).json()["errors"])
    assert errors - {"cart_id"} == NAMED - {"code", "points"}


def test_no_code_is_found_by_sending_it_with_other_errors(guest, settings):
    settings.RATE_LIMITS = {
        **settings.RATE_LIMITS,
        "promotion": rates.rates("promotion=2/3600")["promotion"],
    }
    load_demo_codes()
    wish = {**guest.wish(guest.cart(MUG=1)), "email": "nobody", "code": "NONE"}
    data = ["code" in guest.post("/orders", wish, KEY).json()["errors"] for _ in range(4)]
    assert data == [True, True, False, False]


def test_total_that_is_not_what_it_costs_is_refused_with_what_it_is(guest):
    wish = guest.wish(guest.cart(MUG=1))
    answer = guest.post("/orders", {**wish, "total": "0.01"}, KEY)
    assert (answer.status_code, answer.json()["errors"]) == (
        409,
        {"total": [f"It is {wish['total']} now."]},
    )


def test_what_has_sold_out_is_not_ordered(guest):
    wish = guest.wish(guest.cart(MUG=1))
    available("MUG", 0)
    assert guest.post("/orders", wish, KEY).status_code == 409
    assert not Order.objects.exists()


def test_cart_is_ordered_once(guest):
    cart_id = guest.cart(MUG=1)
    wish = guest.wish(cart_id)
    assert guest.post("/orders", wish, str(uuid4())).status_code == 201
    assert guest.post("/orders", wish, str(uuid4())).status_code == 404
    assert Order.objects.count() == 1


def test_customers_order_needs_no_address_of_theirs_and_is_on_their_list(ada):
    placed = ada.order(ada.cart(MUG=1), email="").json()
    (listed,) = ada.get("/orders").json()["orders"]
    assert (listed["id"], Order.objects.get().email) == (placed["id"], ada.user.email)


def test_two_guests_who_made_up_the_same_key_know_nothing_of_each_other(guest):
    one, other = Caller(), Caller()
    first = one.order(one.cart(MUG=1), key="1")
    second = other.order(other.cart(MUG=1), key="1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]
