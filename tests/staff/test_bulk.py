"""One action for many orders: step by step, with a result for each, each order once."""

from uuid import uuid4

import pytest
from django.urls import reverse

from orders.events import OrderHeld
from orders.models import Order
from orders.services import hold_order
from shop.bus.testing import emitted
from shop.staff import bulk
from shop.staff.models import BulkRun
from tests.scenarios.conftest import buy

pytestmark = pytest.mark.django_db

KEY = "01234567-0123-7123-8123-0123456789ab"


@pytest.fixture
def three(shop):
    return [buy() for _ in range(3)]


def begin(client, name, orders, **fields):
    """From the list, through the dialog, to the page of the run."""
    chosen = client.post(
        reverse("admin:orders_order_changelist"),
        {"action": f"{name}_selected", "_selected_action": [str(order.pk) for order in orders]},
    )
    return client.post(chosen.url, {"key": uuid4(), **fields})


def test_each_order_gets_a_result(as_role, three):
    staff = as_role("support")
    hold_order(three[1].pk, by="kim", reason="before")
    page = begin(staff, "hold", three, reason="stocktaking").url
    assert "0 of 3 finished" in staff.get(page).content.decode()
    shown = staff.post(page, follow=True).content.decode()
    assert "3 of 3 finished, 1 refused" in shown
    assert "is on hold already" in shown
    assert shown.count("put it on hold: stocktaking") == 2
    assert Order.objects.exclude(held_at=None).count() == 3


def test_it_is_done_in_steps(as_role, three, monkeypatch):
    monkeypatch.setattr(bulk, "STEP", 2)
    staff = as_role("support")
    page = begin(staff, "hold", three, reason="stocktaking").url
    assert "2 of 3 finished" in staff.post(page, follow=True).content.decode()
    assert "3 of 3 finished" in staff.post(page, follow=True).content.decode()
    staff.post(page)
    assert len(emitted(OrderHeld)) == 3


def test_a_row_done_by_another_tab_is_not_done_again(as_role, three):
    staff = as_role("support")
    page = begin(staff, "hold", three, reason="stocktaking").url
    staff.post(page)
    BulkRun.objects.get().rows.update(state="waiting")
    assert "was done already" in staff.post(page, follow=True).content.decode()
    assert len(emitted(OrderHeld)) == 3


def test_a_dialog_sent_twice_is_one_run(as_role, three):
    staff = as_role("support")
    for _ in range(2):
        begin(
            staff, "hold", three, reason="stocktaking", key="01234567-0123-7123-8123-0123456789ab"
        )
    assert BulkRun.objects.get().rows.count() == 3


def test_nothing_is_done_by_looking(as_role, three):
    staff = as_role("support")
    staff.get(begin(staff, "hold", three, reason="stocktaking").url)
    assert emitted(OrderHeld) == []


def test_it_needs_the_right_of_the_action(as_role, three):
    warehouse, page = as_role("warehouse"), f"?order={three[0].pk}"
    new = reverse("admin:bulk_new", args=["cancel"]) + page
    assert warehouse.get(new).status_code == 403
    assert warehouse.post(new, {"key": uuid4(), "reason": "x"}).status_code == 403
    assert not BulkRun.objects.exists()


def test_a_run_is_its_authors(as_role, three):
    page = begin(as_role("support"), "hold", three, reason="stocktaking").url
    assert as_role("finance").post(page).status_code == 403


@pytest.mark.parametrize("name", ["refund", "explode"])
def test_what_differs_by_order_is_not_done_in_bulk(admin_client, name):
    assert admin_client.get(reverse("admin:bulk_new", args=[name])).status_code == 404


def test_what_is_no_id_is_not_found(admin_client):
    assert (
        admin_client.get(reverse("admin:bulk_new", args=["hold"]) + "?order=x").status_code == 404
    )
