"""An order's page shows what every app knows of it, and whoever has not answered."""

import pytest
from django.urls import reverse

from eventbus.delivery import pause
from eventbus.delivery.models import Delivery
from eventbus.operations.admin import TimelineEntry
from eventbus.testing import settle
from tests.scenarios.conftest import buy
from tests.unit.backoffice.conftest import submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shared_order")]


def page(client, order):
    answer = client.get(reverse("admin:order", args=[order.id]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_it_tells_of_goods_money_parcels_mails_and_what_happened(admin_client, order):
    shown = page(admin_client, order)
    for expected in (
        order.number,
        "61.00 EUR",
        "TEAPOT",
        "INV-",
        "0 of 4 units shipped",
        f"Order {order.number} is confirmed",
        "A shopper placed an order",
        "orders.OrderPlaced",
        "billing: authorise payment",
    ):
        assert expected in shown


def test_the_list_of_orders_leads_to_it(admin_client, order):
    answer = admin_client.get(reverse("admin:orders_order_change", args=[order.id]))
    assert answer.url == reverse("admin:order", args=[order.id])


def test_an_order_nobody_has_reacted_to_yet_has_a_page(admin_client, at_once):
    assert "Billing has not heard of it yet." in page(admin_client, buy())


def test_an_order_that_is_not_there_is_not_found(admin_client):
    address = reverse("admin:order", args=["01234567-0123-7123-8123-0123456789ab"])
    assert admin_client.get(address).status_code == 404


def test_its_number_of_queries_does_not_grow(admin_client, order, django_assert_max_num_queries):
    submit(admin_client, order, "ship", **{"line-1": 1})
    settle()
    submit(admin_client, order, "comment", text="Called them.")
    with django_assert_max_num_queries(26):
        page(admin_client, order)


def test_personal_data_of_events_is_masked_but_for_those_who_may_see_it(
    admin_client, as_role, order
):
    secret = "fingerprint&#x27;: &#x27;fp"
    assert "ship_to:" in page(as_role("support"), order)
    assert "&#x27;name&#x27;: &#x27;Ada&#x27;" in page(admin_client, order)
    assert "&#x27;name&#x27;: &#x27;Ada&#x27;" not in page(as_role("support"), order)
    assert secret not in page(as_role("support"), order)


def test_a_reaction_that_is_late_is_told_of_in_red(admin_client, at_once, settings):
    order = buy()
    settle(but=["billing"])
    Delivery.objects.filter(app="billing").update(waiting_since="2020-01-01T00:00Z")
    assert "billing: authorise payment has not answered orders.OrderPlaced in time" in page(
        admin_client, order
    )


def test_a_reaction_that_is_paused_is_told_of_as_such(admin_client, at_once):
    order = buy()
    pause.pause("billing", by="sam", reason="repairs")
    settle(but=["billing"])
    assert "is paused" in page(admin_client, order)


def test_a_reaction_that_was_given_up_says_what_to_do(admin_client, order):
    Delivery.objects.filter(app="billing", reaction="authorise_payment").update(
        state="parked", error="Traceback\nValueError: boom", closed_at=None
    )
    shown = page(admin_client, order)
    assert "was given up" in shown
    assert "Ask an operator" in shown


def test_a_comment_stands_in_the_timeline_once(admin_client, order):
    key = "01234567-0123-7123-8123-0123456789ab"
    for _ in range(2):
        submit(admin_client, order, "comment", text="Called them.", key=key)
    assert page(admin_client, order).count("Called them.") == 1


def test_an_app_adds_to_the_timeline_by_a_function_of_its_admin(admin_client, order, monkeypatch):
    def timeline(order_id):
        assert order_id == order.id
        yield TimelineEntry(order.placed_at, "loyalty", "gave a star")

    monkeypatch.setattr("loyalty.admin.timeline", timeline, raising=False)
    assert "gave a star" in page(admin_client, order)
