"""Each page asks the database a fixed number of questions, however much there is to show."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from eventbus.testing import settle
from inventory.services import receive_stock
from orders.models import Order
from shop.storefront import account_urls, robots_urls, urls
from shop.storefront.cart import add
from shop.storefront.models import Cart
from tests.routes import every_route
from tests.unit.pricing.facts import percent_off, zone
from tests.unit.storefront.conftest import filled_in, listed, put
from tests.unit.storefront.facts import page_of
from tests.unit.storefront.growing_shop import GrowingShop
from tests.unit.storefront.people import prove

pytestmark = pytest.mark.django_db

#: Somebody who has only come to look.
STRANGER = {
    "/": 3,
    "/products/": 6,
    "/products/?page=2&sort=name": 6,
    "/products/?q=sku": 8,
    "/products/?q=skx0": 11,
    "/products/?q=nothing+like+it": 11,
    "/products/?option=Kind:K1&available=1": 8,
    "/categories/c0/": 6,
    "/categories/c0/?q=sku&price_max=20&sort=price": 8,
    "/products/sku0/": 6,
    "/products/sku0/SKU0-1/": 6,
    "/login/": 1,
    "/signup/": 1,
    "/password-reset/": 1,
    "/password-reset/sent/": 1,
    "/password-reset/done/": 1,
    "/account/confirm/": 1,
    "/account/closed/": 1,
    "/sitemap.xml": 2,
    "/sitemap-products.xml": 1,
    "/sitemap-categories.xml": 1,
    "/robots.txt": 0,
}
#: A guest with a full cart, and with orders.
GUEST = {
    "/": 5,
    "/cart/": 8,
    "/checkout/": 9,
    "/orders/{placed}/": 9,
    "/orders/{delivered}/": 9,
    "/orders/{delivered}/return/": 9,
    "/orders/{declined}/pay/": 9,
    "/orders/{challenged}/challenge/": 6,
}
#: A customer who has been here often.
CUSTOMER = {
    "/": 6,
    "/cart/": 9,
    "/checkout/": 13,
    "/account/": 6,
    "/account/orders/": 6,
    "/account/points/": 8,
    "/account/addresses/": 5,
    "/account/addresses/add/": 4,
    "/account/addresses/{address}/": 5,
    "/account/profile/": 5,
    "/account/emails/": 7,
    "/account/password/": 4,
    "/account/password-check/": 4,
    "/account/tokens/": 5,
    "/account/webhooks/": 6,
    "/account/webhooks/add/": 4,
    "/account/webhooks/{webhook}/": 8,
    "/account/webhooks/{webhook}/change/": 5,
    "/account/webhooks/{webhook}/delete/": 5,
    "/account/data/": 4,
    "/account/data/export/": 17,
    "/account/delete/": 5,
    "/logout/": 4,
}


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200, address
    return len(seen)


def each(client, pages, **ids) -> dict[str, int]:
    return {page: queries(client, page.format(**ids)) for page in pages}


def test_no_page_asks_more_when_there_is_more():
    guest, customer = Client(), Client()
    growing_shop = GrowingShop(guest, customer)
    for size in (2, 10):
        growing_shop.grow(size)
        prove(customer)
        for client in (guest, customer):
            client.get("/cart/")  # Shows its messages, once.
        assert each(Client(), STRANGER) == STRANGER
        assert each(guest, GUEST, **growing_shop.ids) == GUEST
        assert each(customer, CUSTOMER, **growing_shop.ids) == CUSTOMER


def order_of(client, skus: list[str]) -> tuple[int, Order]:
    """Questions asked to place an order of these, and the order."""
    put(client, skus[0])
    for sku in skus[1:]:
        add(Cart.objects.get(pk=client.session["cart"]), sku)
    client.get("/cart/")
    form = filled_in(client, country="AT", code="TENTH")
    with CaptureQueriesContext(connection) as asked:
        assert client.post("/checkout/", form).status_code == 302
    return len(asked), Order.objects.latest("placed_at")


def test_an_order_of_ten_lines_asks_no_more_than_one_of_one(client):
    zone("AT", standard="20")
    percent_off("TENTH", limit=9, limit_per_customer=9)
    skus = [listed(f"SKU{number}").sku for number in range(10)]
    receive_stock(dict.fromkeys(skus, 5), reason="for the test")
    settle()
    asked, orders = zip(*(order_of(client, some) for some in (skus[:1], skus)), strict=True)
    assert asked == (41, 41)
    settle()
    assert [queries(client, page_of(order.pk) + "invoice.pdf") for order in orders] == [8, 8]


#: Forms that lead on to a page, pages that mails lead to, the live part of an order's page, and
#: files: what of these asks the database at all, asks about one thing.
NO_LISTS = {
    "cart/change/",
    "cart/remove/",
    "cart/undo/",
    "back-in-stock/<sku>/",
    "orders/<order_id>/cancel/",
    "orders/<order_id>/events/",
    "orders/<order_id>/invoice.pdf",
    "account/addresses/<pk>/delete/",
    "account/tokens/<pk>/revoke/",
    "account/webhooks/<webhook_id>/enable/",
    "account/webhooks/<webhook_id>/disable/",
    "account/webhooks/<webhook_id>/secret/",
    "account/webhooks/<webhook_id>/test/",
    "account/webhooks/<webhook_id>/messages/<message_id>/send/",
    "account/password/set/",
    r"^account/confirm/(?P<key>[-:\w]+)/$",
    r"^password-reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "favicon.ico",
    "pictures/<width>/<stamp>/<src>",
}


def route(pattern: str) -> str:
    """An address with the names of its parts, whatever their kinds."""
    return re.sub(r"<\w+:(\w+)>", r"<\1>", pattern)


def test_no_page_is_missing_here():
    """A new page needs its figure above."""
    patterns = [*urls.urlpatterns, *robots_urls.urlpatterns, *account_urls.urlpatterns]
    routes = {route(written) for written, _ in every_route(patterns)}
    ids = dict.fromkeys(["placed", "delivered", "declined", "challenged", "webhook"], uuid4())
    pages = [page.format(**ids, address=1) for page in (*STRANGER, *GUEST, *CUSTOMER)]
    counted = {route(resolve(page.partition("?")[0]).route) for page in pages}
    assert routes - counted == NO_LISTS
