"""A form whose fields say what they should not: refused by the field's name, nothing changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.test import Client

from billing.events import PaymentRetried
from eventbus.testing import emitted
from orders.events import OrderPlaced
from orders.models import Order, Return
from pricing.models import Redemption
from shop.ratelimit.rates import Rate
from shop.storefront.models import Points
from shop.storefront.progress import load
from tests.security.world import everything_kept
from tests.unit.pricing.facts import amount_off
from tests.unit.storefront.conftest import APPROVED, available, filled_in, held, listed, placed, put
from tests.unit.storefront.facts import DELIVERED, Facts, happened, known, page_of
from tests.unit.storefront.people import account

pytestmark = pytest.mark.django_db

NUMBERS = ["0", "-1", "1000000000", "1.5", "", "NaN", "1e3", "9" * 400, "\0", "1; drop"]
NOT_OFFERED = {
    "points": [number for number in NUMBERS if number not in ("", "0")],
    "shipping": ["", "free", "0", "STANDARD"],
    "country": ["", "XX", "gb", "\0"],
    "total": ["", "free", "NaN", "-Infinity"],
    "key": ["", "none", "0" * 31, "\0"],
    "email": ["", "ada", "a@b.example\r\nBcc: c@d.example", "\0"],
    "name": ["", "x" * 10_000, "a\x1b[31mb", "a\0b", "\x85\x07"],
    "code": ["NONE", "x" * 41, "a\0b", "' or 1=1"],
    "test_card": ["5555555555554444", "approve", "\0"],
}


@pytest.fixture
def mug():
    available("MUG", 20)
    return listed("MUG")


@pytest.fixture
def shopper(client, mug) -> Client:
    put(client, "MUG", 2)
    return client


def refused(client, path: str, form: dict) -> dict:
    """The errors of a form that is refused, by field."""
    answer = client.post(path, form)
    assert answer.status_code == 422, form
    return (answer.context.get("form") or answer.context["wrong"]).errors


@contextmanager
def nothing_changed() -> Iterator[None]:
    """All that is kept is as before what is done meanwhile."""
    before = everything_kept()
    yield
    assert everything_kept() == before


def test_no_quantity_but_one_to_999_is_put_into_a_cart(client, mug):
    with nothing_changed():
        for quantity in NUMBERS:
            errors = refused(client, "/products/mug/MUG/", {"quantity": quantity})
            assert set(errors) == {"quantity"}, quantity


def test_no_quantity_but_one_to_999_is_changed_to(shopper):
    with nothing_changed():
        for quantity in NUMBERS:
            errors = refused(shopper, "/cart/change/", {"sku": "MUG", "quantity": quantity})
            assert set(errors) == {"quantity"}, quantity


def test_figures_of_another_script_are_figures(client, mug):
    put(client, "MUG", "٣")
    assert held(client) == {"MUG": 3}


def test_what_a_checkout_does_not_offer_is_refused_by_its_name(shopper, settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, Rate(1000, 60))
    form = filled_in(shopper)
    with nothing_changed():
        for field, values in NOT_OFFERED.items():
            for value in values:
                errors = refused(shopper, "/checkout/", {**form, field: value})
                assert field in errors, (field, value)
    assert not Order.objects.exists()


def test_only_ones_own_points_are_spent(shopper):
    owner = account()
    Points.objects.create(customer_id=f"user-{owner.pk}", balance=500, revision=1)
    form = {**filled_in(shopper), "points": "10", "customer_id": f"user-{owner.pk}"}
    assert "You have 0 points." in refused(shopper, "/checkout/", form)["points"]


@pytest.mark.parametrize("typed", ["FIVE", "five", "  Five "])
def test_a_code_counts_however_it_is_written_and_once_an_order(shopper, typed):
    amount_off(code="FIVE")
    form = filled_in(shopper, code=typed)
    for _ in range(2):
        assert shopper.post("/checkout/", form).status_code == 302
    assert Redemption.objects.count() == 1
    assert emitted(OrderPlaced)[0].promotion == "FIVE"


def test_fields_nobody_asked_for_change_nothing(shopper):
    extra = {"currency": "XTS", "customer_id": "user-1", "tax": "0", "id": str(uuid4())}
    shopper.post("/checkout/", {**filled_in(shopper), **extra})
    [order] = emitted(OrderPlaced)
    assert (order.currency, order.customer_id, str(order.total)) == ("EUR", None, "24.90")


def test_a_key_that_was_used_orders_no_other_cart(shopper):
    first = filled_in(shopper)
    shopper.post("/checkout/", first)
    put(shopper, "MUG", 5)
    again = shopper.post("/checkout/", {**filled_in(shopper), "key": first["key"]})
    assert again.url == page_of(Order.objects.get().pk)
    assert held(shopper) == {"MUG": 5}
    assert Order.objects.count() == 1


def test_the_key_of_anothers_page_places_nothing_in_their_name(shopper):
    taken = filled_in(shopper)["key"]
    thief = Client()
    put(thief, "MUG", 1)
    thief.post("/checkout/", {**filled_in(thief, email="eve@example.com"), "key": taken})
    order = Order.objects.get()
    assert order.email == "eve@example.com"
    assert held(shopper) == {"MUG": 2}


def test_no_more_goes_back_than_was_bought(client):
    order = placed()
    happened(Facts(order), *DELIVERED)
    with nothing_changed():
        for units in (number for number in NUMBERS if number not in ("", "0")):
            form = {"line-1": units, "why": "damaged"}
            errors = refused(client, page_of(order.pk) + "return/", form)
            assert set(errors) == {"line-1"}, units


def test_a_return_of_nothing_or_without_a_reason_is_refused(client):
    order = placed()
    happened(Facts(order), *DELIVERED)
    with nothing_changed():
        for form in ({"line-9": 1}, {"line-1": 1, "why": "because"}, {"line-1": 1}):
            refused(client, page_of(order.pk) + "return/", {"why": "", **form})
    assert not Return.objects.exists()


def test_another_card_is_for_the_attempt_that_was_seen_refused(client):
    order = placed()
    known(Facts(order).declined_for_now())
    with nothing_changed():
        for attempt in (number for number in NUMBERS if not number.isdecimal() or number == "0"):
            form = {"attempt": attempt, "test_card": APPROVED}
            errors = refused(client, page_of(order.pk) + "pay/", form)
            assert set(errors) == {"attempt"}, attempt
    assert not emitted(PaymentRetried)


def test_what_is_no_answer_to_the_bank_is_none(client):
    """A form that lost its button on the way refuses nobody's payment."""
    order = placed()
    known(Facts(order).challenged())
    with nothing_changed():
        for answer in ({}, {"answer": ""}, {"answer": "CONFIRM"}, {"answer": "1"}):
            page = client.post(page_of(order.pk) + "challenge/", answer)
            assert page.status_code == 422, answer
            assert "Answer: choose one of the two buttons." in page.content.decode()
    assert load(order.pk).challenged


def test_a_line_break_in_a_name_is_a_space(shopper):
    shopper.post("/checkout/", filled_in(shopper, name="Ada\r\nBcc: eve@example.com\u2028X"))
    assert emitted(OrderPlaced)[0].ship_to.name == "Ada Bcc: eve@example.com X"
