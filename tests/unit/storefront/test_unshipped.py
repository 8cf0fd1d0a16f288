"""Goods that need no shipping are ordered without an address and a delivery."""

from decimal import Decimal

import pytest

from catalogue.models import Variant
from eventbus.testing import emitted
from orders.events import OrderPlaced
from orders.models import Order
from orders.services import order_for_page
from shop.storefront.models import OrderStatus
from shop.storefront.progress import OrderProgress
from tests.unit.api.asking import Caller
from tests.unit.storefront.conftest import APPROVED, available, looked_at, put
from tests.walking import only_context

pytestmark = pytest.mark.django_db


@pytest.fixture
def pattern(mug):
    """A file to download."""
    Variant.objects.filter(sku="MUG").update(requires_shipping=False)
    available("MUG", 50)


@pytest.fixture
def form(client, pattern):
    put(client, "MUG")
    card = {"test_card": APPROVED}
    with only_context():
        page = client.get("/checkout/")
        wanted = {"key": str(page.context["key"]), "email": "ada@example.com", "country": "AT"}
        return {"total": looked_at(client, wanted).context["quote"].total, **wanted, **card}


def test_checkout_asks_for_the_country_alone(client, form):
    page = client.get("/checkout/").content.decode()
    assert 'name="country"' in page
    assert 'name="line1"' not in page
    assert 'name="shipping"' not in page


def test_the_order_has_no_delivery_and_its_line_says_so(client, form):
    answer = client.post("/checkout/", form)
    assert answer.status_code == 302
    (event,) = emitted(OrderPlaced)
    assert [line.requires_shipping for line in event.lines] == [False]
    assert event.shipping_cost == 0
    assert event.ship_to.country == "AT"
    assert event.total == Decimal("10.00")
    page = client.get(answer.url).content.decode()
    assert "Nothing of it needs to be sent." in page
    assert "Goes to" not in page


def test_the_story_knows_of_no_parcel(client, form):
    client.post("/checkout/", form)
    order = order_for_page(Order.objects.get().pk)
    keys = [step.key for step in OrderProgress(order, OrderStatus(order_id=order.pk), []).steps]
    assert not {"packing", "way"} & {*keys}
    assert "delivered" in keys


def test_a_mixed_cart_is_sent_and_its_delivery_paid(client, form):
    other = Variant.objects.get()
    Variant.objects.create(
        product=other.product, sku="POT", price=Decimal("5.50"), option_values=["x"]
    )
    available("POT", 9)
    client.post(f"/products/{other.product.handle}/POT/", {"quantity": 1})
    assert 'name="line1"' in client.get("/checkout/").content.decode()


def test_a_program_orders_them_with_the_country_alone(pattern):
    guest = Caller()
    cart_id = guest.cart(MUG=1)
    wish = guest.wish(cart_id, ship_to={"country": "GB"})
    assert guest.post("/quote", {"cart_id": cart_id, "country": "GB"}).json()["shipping"][
        "amount"
    ] == ("0.00")
    assert guest.post("/orders", wish, "key").status_code == 201
    assert Order.objects.get().lines.get().requires_shipping is False


def test_an_address_that_is_not_needed_is_not_kept(pattern):
    guest = Caller()
    wish = guest.wish(guest.cart(MUG=1))
    assert wish["ship_to"]["line1"]
    assert guest.post("/orders", wish, "key").status_code == 201
    kept = Order.objects.get().ship_to
    assert {name for name, value in kept.items() if value} == {"country"}
