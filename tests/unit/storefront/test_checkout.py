"""From the cart to an order."""

import threading
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from eventbus.delivery.models import Delivery
from eventbus.testing import emitted
from orders.events import OrderDetails, OrderPlaced
from orders.models import Order
from pricing.promotions import Shopper
from pricing.services import quote
from shop.checkout import order_placement, summary
from shop.ratelimit.rates import Rate
from shop.storefront.forms import CheckoutForm
from shop.storefront.models import Cart
from tests.unit.storefront.conftest import (
    APPROVED,
    agreed,
    available,
    filled_in,
    held,
    listed,
    placed,
    put,
)
from tests.unit.storefront.facts import page_of

pytestmark = pytest.mark.django_db

WRONG = [
    ("email", ""),
    ("email", "nonsense"),
    ("name", ""),
    ("name", "x" * 101),
    ("line1", " "),
    ("city", ""),
    ("postcode", ""),
    ("postcode", "\x00"),
    ("postcode", "12345"),
    ("country", ""),
    ("country", "XX"),
    ("shipping", "teleport"),
    ("test_card", "1234"),
    ("card_number", "4242 4242 4242 4241"),
    ("card_number", "5555 5555 5555 4444"),
    ("card_number", "nonsense"),
    ("key", "nonsense"),
    ("card_expiry", "13/30"),
    ("card_expiry", "01/20"),
    ("card_cvc", "1"),
    ("card_number", "4" * 41),
    ("total", "much"),
    ("total", ""),
    ("points", "-1"),
    ("points", "1"),
    ("points", "many"),
    ("points", "1e9"),
    ("code", "NOTHING"),
    ("code", "x" * 41),
]


def order_of(response) -> Order:
    """The order whose page the browser was sent to."""
    assert response.status_code == 302
    return Order.objects.get(pk=response.url.split("/")[2])


def errors(client, **changes) -> dict:
    """Return what is wrong with the form, by field."""
    response = client.post("/checkout/", filled_in(client, **changes))
    assert response.status_code == 422
    assert not Order.objects.exists()
    return response.context["form"].errors


def test_order_is_committed_and_the_shopper_is_on_its_page(shopper):
    response = shopper.post("/checkout/", filled_in(shopper))
    order = order_of(response)
    assert response.url == page_of(order.pk)
    assert (order.state, order.email, order.total.amount) == (
        "placed",
        "ada@example.com",
        Decimal("24.90"),
    )
    assert "Thank you for your order!" in shopper.get(response.url).content.decode()


def test_checkout_waits_for_no_other_app(shopper):
    shopper.post("/checkout/", filled_in(shopper))
    assert len(emitted(OrderPlaced)) == 1
    assert not Delivery.objects.exists()


def test_event_says_where_to_and_with_which_card(shopper):
    shopper.post("/checkout/", filled_in(shopper, country="FR", shipping="express"))
    placed = emitted(OrderPlaced)[0]
    assert (placed.ship_to.name, placed.ship_to.country) == ("Ada Lovelace", "FR")
    assert (placed.card.last4, placed.card.country) == ("4242", "FR")
    assert placed.shipping_cost == Decimal("9.90")
    assert "4242 4242" not in str(placed.to_data())


def test_cart_is_ordered_and_the_browser_has_a_new_one(shopper):
    cart = Cart.objects.get()
    order = order_of(shopper.post("/checkout/", filled_in(shopper)))
    cart.refresh_from_db()
    assert order.cart_id == cart.id
    assert cart.ordered_at
    assert held(shopper) == {}
    put(shopper, "MUG")
    assert shopper.session["cart"] != str(cart.id)


def test_prices_come_from_the_database(shopper):
    tampered = {"price": "0.01", "unit_price": "0.01", "discount": "20", "shipping_cost": "0"}
    order = order_of(shopper.post("/checkout/", filled_in(shopper, **tampered)))
    assert order.total.amount == Decimal("24.90")


def test_tampered_total_places_nothing(shopper):
    form = filled_in(shopper)
    for total in ("0.02", "0", "-24.90", "24.91", "9e99"):
        page = shopper.post("/checkout/", {**form, "total": total})
        assert page.status_code == 422, total
        assert "The total has changed" in str(page.context["form"].errors), total
    assert not Order.objects.exists()
    assert held(shopper) == {"MUG": 2}


def test_price_that_changed_meanwhile_is_asked_about_again(shopper, mug):
    seen = filled_in(shopper)
    mug.price.amount = 12
    mug.save()
    page = shopper.post("/checkout/", seen)
    assert "The total has changed" in page.content.decode()
    assert "Order and pay €28.90" in page.content.decode()
    assert not Order.objects.exists()
    assert order_of(shopper.post("/checkout/", filled_in(shopper))).total.amount == Decimal("28.90")


@pytest.mark.parametrize(("shipping", "total"), [("standard", "24.90"), ("pickup", "20.00")])
def test_delivery_costs_what_the_table_says(shopper, shipping, total):
    order = order_of(shopper.post("/checkout/", filled_in(shopper, shipping=shipping)))
    assert order.total.amount == Decimal(total)


def test_form_sent_twice_is_one_order(shopper):
    form = filled_in(shopper)
    first, second = shopper.post("/checkout/", form), shopper.post("/checkout/", form)
    assert first.url == second.url
    assert len(emitted(OrderPlaced)) == 1


@pytest.mark.django_db(transaction=True)
def test_form_sent_twice_at_the_same_moment_is_one_order(shopper):
    form, session = filled_in(shopper), shopper.cookies["sessionid"].value
    start, urls = threading.Barrier(3, timeout=10), []

    def submit():
        browser = Client()
        browser.cookies["sessionid"] = session
        start.wait()
        urls.append(browser.post("/checkout/", form).url)
        connection.close()

    threads = [threading.Thread(target=submit) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(urls) == 3
    assert len(set(urls)) == 1
    assert len(emitted(OrderPlaced)) == 1


def test_one_cart_is_ordered_once_whatever_the_key(shopper):
    cart, form = Cart.objects.get(), filled_in(shopper)
    shopper.post("/checkout/", form)
    another = agreed(cart, Shopper(email="ada@example.com"), {**form, "key": uuid4()})
    with pytest.raises(order_placement.CartRefusal, match="ordered already"):
        order_placement.place(cart, another, another.card(), "")


def test_an_order_is_priced_once(shopper, monkeypatch):
    form, priced = filled_in(shopper), []
    monkeypatch.setattr(summary, "quote", lambda *a, **kw: priced.append(a) or quote(*a, **kw))
    order_of(shopper.post("/checkout/", form))
    assert len(priced) == 1


def test_what_is_chosen_by_a_name_that_an_order_has_is_in_its_event_and_row(shopper):
    """Points are not always spent as wanted; all else is."""
    names = CheckoutForm.base_fields.keys() & (OrderDetails.model_fields.keys() - {"points"})
    chosen = dict.fromkeys(names, "chosen@example.com")
    order = order_of(shopper.post("/checkout/", filled_in(shopper, **chosen)))
    for of in (emitted(OrderPlaced)[0], order):
        assert {name: getattr(of, name) for name in names} == chosen


def test_keys_of_orders_from_elsewhere_lead_nowhere(shopper):
    key = uuid4()
    placed(key=str(key))
    ordered = order_of(shopper.post("/checkout/", filled_in(shopper, key=str(key))))
    assert ordered.lines.count() == 1


def test_what_is_wrong_is_named_and_nothing_is_placed(shopper, settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, Rate(1000, 60))
    form = filled_in(shopper)
    for field, value in WRONG:
        page = shopper.post("/checkout/", {**form, field: value})
        assert (page.status_code, field in page.context["form"].errors) == (422, True), field
    assert not Order.objects.exists()
    assert held(shopper) == {"MUG": 2}


def test_some_card_must_be_chosen(shopper):
    assert "card_number" in errors(shopper, test_card="")


def test_typed_card_number_counts(shopper):
    changes = {"test_card": "4000 0000 0000 0002", "card_number": APPROVED}
    shopper.post("/checkout/", filled_in(shopper, **changes))
    assert emitted(OrderPlaced)[0].card.last4 == "4242"


def test_what_is_no_longer_on_sale_is_named_and_nothing_is_placed(shopper):
    form, pot = filled_in(shopper), listed("POT")
    put(shopper, "POT")
    pot.product.delete()
    page = shopper.post("/checkout/", form)
    assert page.status_code == 422
    assert "Pot: This is no longer on sale." in page.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("left", "said"),
    [(0, "Mug: This has been sold out meanwhile."), (1, "Mug: There is only 1 left.")],
)
def test_what_was_sold_meanwhile_is_named_and_nothing_is_placed(shopper, left, said):
    form = filled_in(shopper)
    available("MUG", left)
    page = shopper.post("/checkout/", form)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert "Order and pay" not in page.content.decode()
    assert not Order.objects.exists()
    assert held(shopper) == {"MUG": 2}


def test_checkout_is_not_begun_with_what_cannot_be_ordered(shopper):
    available("MUG", 0)
    assert shopper.get("/checkout/").url == "/cart/"
    assert "cannot be ordered" in shopper.get("/cart/").content.decode()


def test_nothing_in_the_cart_is_nothing_to_order(client):
    for response in (client.get("/checkout/"), client.post("/checkout/", {"key": str(uuid4())})):
        assert response.url == "/cart/"


def test_sample_address_fills_the_form(shopper):
    assert "Ada Sample" in shopper.get("/checkout/?sample").content.decode()
