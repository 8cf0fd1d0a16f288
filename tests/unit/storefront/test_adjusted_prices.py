"""An adjusted price is shown to everybody alike, and is the one that is paid."""

from decimal import Decimal

import pytest
from django.test import Client
from djmoney.money import Money

from catalogue.events import PriceAdjusted
from catalogue.models import Variant
from eventbus.testing import given
from orders.models import Order
from tests.unit.storefront.conftest import available, filled_in, put

pytestmark = pytest.mark.django_db


class Repriced(PriceAdjusted):
    """The tests change a price."""


def adjust(factor: str) -> None:
    given(Repriced(sku="MUG", factor=Decimal(factor), seconds=60), to="catalogue")


@pytest.fixture
def dear_mug(mug) -> Variant:
    """A mug of 10.00 that costs 13.50 for a minute."""
    available("MUG", 10)
    adjust("1.35")
    return mug


@pytest.mark.usefixtures("dear_mug")
@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("/products/mug/", "€13.50</strong>"),
        ("/products/mug/", '"price": "13.50"'),
        ("/products/", "€13.50</strong>"),
        ("/products/?price_min=13", "€13.50</strong>"),
        ("/api/products/mug", '"amount": "13.50"'),
        ("/api/products", '"amount": "13.50"'),
    ],
)
def test_pages_search_engines_and_programs_are_told_the_same(client, page, shown):
    told = client.get(page).content.decode()
    assert shown in told
    assert "10.00" not in told


def test_it_is_what_is_paid(client: Client, dear_mug):
    put(client, "MUG", 2)
    client.post("/checkout/", filled_in(client))
    [line] = Order.objects.get().lines.all()
    assert (line.unit_price, line.quantity) == (Money("13.50", "EUR"), 2)


def test_whoever_has_seen_another_total_is_asked_again(shopper: Client):
    form = filled_in(shopper)
    adjust("1.35")
    page = shopper.post("/checkout/", form)
    assert not Order.objects.exists()
    assert page.context["quote"].total == form["total"] + 7
    assert "It was €10.00 when you put it in." in shopper.get("/cart/").content.decode()
