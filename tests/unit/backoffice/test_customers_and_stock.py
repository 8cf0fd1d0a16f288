"""A customer's page and a product's page."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from eventbus.testing import settle
from inventory.services import adjust_stock
from orders.services import request_return
from shop.accounts import customer_id
from shop.backoffice.views.links import customer_url
from tests.scenarios.conftest import buy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_order")]


@pytest.fixture
def customer(at_once):
    return User.objects.create_user("ada", "ada@example.com")


def test_a_customers_page_has_orders_points_mails_returns_and_risk(as_role, customer):
    order = buy(customer=customer_id(customer))
    settle()
    request_return(order.id, {1: 1}, reason="too big")
    settle()
    page = as_role("support").get(reverse("admin:customer", args=[customer.pk]))
    shown = page.content.decode()
    assert order.number in shown
    assert "too big" in shown
    assert "Cleared, 0 of 100" in shown
    assert page.context["points"].balance > 0


def test_an_order_leads_to_its_customer(as_role, customer):
    order = buy(customer=customer_id(customer))
    shown = as_role("support").get(reverse("admin:order", args=[order.id])).content.decode()
    assert reverse("admin:customer", args=[customer.pk]) in shown
    shown = as_role("warehouse").get(reverse("admin:order", args=[order.id])).content.decode()
    assert reverse("admin:customer", args=[customer.pk]) not in shown


def test_a_guest_and_what_is_no_account_have_no_page(rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    for id in ("", "7", "user-", "user-x", "user-7 ", "guest-7"):
        assert customer_url(request, id) == ""


def test_a_customer_there_is_not_is_not_found(admin_client):
    assert admin_client.get(reverse("admin:customer", args=[999999])).status_code == 404


def test_a_products_page_has_movements_promises_and_sales(as_role, order):
    adjust_stock("TEAPOT", -1, "broken", by="kim")
    page = as_role("warehouse").get(reverse("admin:stock"), {"sku": "TEAPOT"})
    shown = page.content.decode()
    assert "broken" in shown
    assert reverse("admin:order", args=[order.id]) in shown
    assert sum(page.context["chart"].series["units"]) == 2


def test_goods_there_are_not_are_not_found(admin_client):
    assert admin_client.get(reverse("admin:stock"), {"sku": "NONE"}).status_code == 404


def test_both_have_a_fixed_number_of_queries(admin_client, customer, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    addresses = [
        reverse("admin:customer", args=[customer.pk]),
        f"{reverse('admin:stock')}?sku=TEAPOT",
    ]
    settle()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            for address in addresses:
                assert admin_client.get(address).status_code == 200
        return len(captured)

    buy(customer=customer_id(customer))
    settle()
    once = queries()
    for _ in range(2):
        buy(customer=customer_id(customer))
    settle()
    assert queries() == once
