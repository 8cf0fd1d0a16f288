"""Two at the same moment: real threads, and what is there afterwards."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from devtools.waiting import wait_until
from eventbus.testing import emitted, settle
from inventory.models import Stock
from inventory.services import receive_stock
from orders.events import OrderPlaced
from orders.models import Order
from shop.storefront.models import Cart
from tests.unit.storefront.conftest import filled_in, held, listed, put
from tests.unit.storefront.people import LOGIN, account

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Return what each act gives, all begun at the same moment."""
    start, given = threading.Barrier(len(acts), timeout=10), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            start.wait()
            given[place] = act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=both) for both in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return given


def tab(client: Client) -> Client:
    """Another tab of the same browser."""
    other = Client(raise_request_exception=False)
    other.cookies["sessionid"] = client.cookies["sessionid"].value
    return other


def send(client: Client, form: dict[str, Any]) -> Any:
    return lambda: tab(client).post("/checkout/", form)


@pytest.fixture
def shopper(client):
    """Has two mugs at 10.00 in the cart."""
    listed("MUG")
    put(client, "MUG", 2)
    return client


def test_one_cart_open_in_two_tabs_is_ordered_once_and_the_other_is_told(shopper):
    """Each page has a key of its own, and the second wants a reminder besides."""
    forms = [filled_in(shopper, remind="on", email=f"{n}@example.com") for n in ("ada", "eve")]
    answers = at_once(*(send(shopper, form) for form in forms))
    assert sorted(answer.status_code for answer in answers) in ([302, 302], [302, 422])
    assert Order.objects.count() == len(emitted(OrderPlaced)) == 1
    assert shopper.get("/cart/").context["lines"] == []


def test_a_reminder_wished_for_a_cart_that_is_being_ordered_breaks_nothing(shopper):
    look, answers = {**filled_in(shopper), "remind": "on", "update": "live"}, []
    thread = threading.Thread(target=lambda: answers.extend(at_once(send(shopper, look))))
    with transaction.atomic():
        cart = Cart.objects.select_for_update().get()
        thread.start()
        wait_until(somebody_waits, 120, "the page waits for the cart")
        cart.ordered_at = timezone.now()
        cart.save()
    thread.join(30)
    assert [answer.status_code for answer in answers] == [200]
    assert Cart.objects.get().email == ""


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from pg_locks where not granted)")
        return cursor.fetchone()[0]


def test_units_put_in_from_two_tabs_are_all_in_the_cart(shopper):
    answers = at_once(*[lambda: put(tab(shopper), "MUG", 3)] * 4)
    assert [answer.status_code for answer in answers] == [302] * 4
    assert held(shopper) == {"MUG": 14}


def test_what_is_put_in_while_the_cart_is_ordered_is_charged_or_not_in_the_order(shopper):
    form = filled_in(shopper)
    ordered, _ = at_once(send(shopper, form), lambda: put(tab(shopper), "MUG", 1))
    if ordered.status_code == 302:
        assert [line.quantity for line in emitted(OrderPlaced)[0].lines] == [2]
    else:
        assert "The total has changed" in ordered.content.decode()
        assert not Order.objects.exists()


def test_a_cart_brought_along_at_login_while_it_is_ordered_is_ordered_once_or_kept(shopper):
    account()
    form = filled_in(shopper)
    login = tab(shopper)
    ordered, _ = at_once(send(shopper, form), lambda: login.post("/login/", LOGIN))
    assert ordered.status_code == 302
    assert Order.objects.count() == 1
    assert Cart.objects.filter(ordered_at=None, items__sku="MUG").count() == 0


def test_two_carts_of_one_customer_become_one_without_loss_or_gain(client):
    account()
    listed("MUG")
    left = Client()
    left.post("/login/", LOGIN)
    put(left, "MUG", 1)
    browsers = [Client(), Client()]
    for browser in browsers:
        put(browser, "MUG", 2)
    at_once(*(lambda b=b: b.post("/login/", LOGIN) for b in browsers))
    assert held(left) == {"MUG": 5}
    assert {str(held(browser)) for browser in browsers} == {str({"MUG": 5})}


def test_the_last_one_is_sold_once_and_the_other_is_told_and_not_charged():
    listed("POT")
    receive_stock({"POT": 1}, reason="for the test")
    settle()
    browsers = [Client(), Client()]
    for browser in browsers:
        put(browser, "POT", 1)
    forms = [filled_in(browser, key=str(uuid4())) for browser in browsers]
    pairs = zip(browsers, forms, strict=True)
    answers = at_once(*(lambda b=b, f=f: b.post("/checkout/", f) for b, f in pairs))
    assert [answer.status_code for answer in answers] == [302, 302]
    settle()
    ends = {order.state == "cancelled": order.captured_total for order in Order.objects.all()}
    assert ends == {True: 0, False: Decimal("14.90")}
    assert Stock.objects.get(sku="POT").on_hand == 0
