"""One action for many orders: step by step, with a result for each, each order once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

import eventbus.operations.admin
from eventbus.testing import emitted, settle
from fraud import services as fraud
from fraud.models import Screening
from orders.events import OrderHeld
from orders.models import Order
from orders.services import hold_order, request_return
from shipping.events import OrderShipped
from shipping.models import Shipment
from shop.backoffice import bulk
from shop.backoffice.actions import ACTIONS
from shop.backoffice.bulk import IN_BULK
from shop.backoffice.models import BulkRun
from shop.backoffice.roles import ROLES, rights
from tests.scenarios.conftest import buy
from tests.unit.backoffice.conftest import submit

pytestmark = pytest.mark.django_db

KEY = "01234567-0123-7123-8123-0123456789ab"


@pytest.fixture
def three(shop):
    return [buy() for _ in range(3)]


def begin(client, name, rows, *, of="orders_order", action=None, **fields):
    """From the list, through the dialog, to the page of the run."""
    chosen = client.post(
        reverse(f"admin:{of}_changelist"),
        {"action": action or f"{name}_selected", "_selected_action": [str(r.pk) for r in rows]},
    )
    return client.post(chosen.url, {"key": uuid4(), **fields})


def done(client, *args, **fields):
    """Return what the page of a run says when it has done everything."""
    return client.post(begin(client, *args, **fields).url, follow=True).content.decode()


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
    monkeypatch.setattr(bulk, "BATCH_SIZE", 2)
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
    warehouse, page = as_role("warehouse"), f"?of={three[0].pk}"
    new = reverse("admin:bulk_new", args=["cancel"]) + page
    assert warehouse.get(new).status_code == 403
    assert warehouse.post(new, {"key": uuid4(), "reason": "x"}).status_code == 403
    assert not BulkRun.objects.exists()


@pytest.fixture
def flagged(shop, settings):
    """The screenings of two orders that wait for a decision."""
    settings.FRAUD_FLAG_SCORE = 0
    buy(), buy()
    settle()
    return Screening.objects.all()


def test_flagged_orders_are_decided_together(as_role, flagged):
    fraud.clear(flagged[0].pk, by="kim")
    said = {"verdict": "refuse", "why": "odd"}
    shown = done(as_role("finance"), "decide", flagged, of="fraud_screening", **said)
    assert "2 of 2 finished, 1 refused" in shown
    assert "kim has decided" in shown
    assert "refused it for fraud: odd" in shown
    assert {row.decided_by for row in flagged.all()} == {"kim", "finance"}


def test_what_a_dialog_lacks_is_asked_for_before_anything_is_done(as_role, flagged):
    page = begin(as_role("finance"), "decide", flagged, of="fraud_screening", verdict="refuse")
    assert "Say why" in page.content.decode()
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize(("name", "state"), [("approve", "approved"), ("refuse", "refused")])
def test_returns_are_decided_together_two_of_one_order_each(as_role, shop, settings, name, state):
    settings.RETURN_WINDOW = timedelta(0)
    order = buy()
    settle()
    backs = [request_return(order.id, {line: 1}) for line in (1, 2)]
    settle()
    list = {"of": "orders_return", "action": f"{name}_selected"}
    shown = done(as_role("support"), f"{name}-return", backs, **list, reason="worn")
    assert "2 of 2 finished." in shown
    assert {back.state for back in order.returns.all()} == {state}


def test_all_that_is_left_of_each_order_is_shipped(as_role, order, shop):
    staff, unpaid = as_role("warehouse"), buy()
    settle(but=["billing"])
    submit(staff, order, "ship", **{"line-1": 1})
    list = {"of": "shipping_shipment", "action": "ship_rest"}
    shown = done(staff, "ship-rest", [order, unpaid], **list)
    assert "packed a parcel of 3 units" in shown
    assert "2 of 2 finished, 1 refused" in shown
    settle(but=["billing"])
    assert emitted(OrderShipped)[-1].complete


def test_orders_are_kept_for_shipping_by_hand(as_role, shop):
    order = buy()
    settle(but=["billing"])
    list = {"of": "shipping_shipment", "action": "hold_back"}
    done(as_role("warehouse"), "ship-by-hand", [order], **list)
    settle()
    assert Shipment.objects.get().held_by == "warehouse"
    assert emitted(OrderShipped) == []


def test_who_chose_more_than_there_is_room_for_is_told(as_role, three, monkeypatch):
    monkeypatch.setattr(eventbus.operations.admin, "MAX_BULK", 2)
    chosen = {"action": "hold_selected", "_selected_action": [str(order.pk) for order in three]}
    page = as_role("support").post(reverse("admin:orders_order_changelist"), chosen, follow=True)
    assert "the first 2 of the 3 you chose" in page.content.decode()
    assert len(page.context["chosen"]) == 2


@pytest.mark.parametrize("name", IN_BULK)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_begins_what_it_may_do_to_one(as_role, role, name):
    staff, right = as_role(role), tuple(ACTIONS[name].permission.split("."))
    expected = 200 if right in rights(role) else 403
    assert staff.get(reverse("admin:bulk_new", args=[name])).status_code == (expected)


def test_a_run_is_its_authors(as_role, three):
    page = begin(as_role("support"), "hold", three, reason="stocktaking").url
    assert as_role("finance").post(page).status_code == 403


@pytest.mark.parametrize("name", ["refund", "explode"])
def test_what_differs_by_order_is_not_done_in_bulk(admin_client, name):
    assert admin_client.get(reverse("admin:bulk_new", args=[name])).status_code == 404


def test_what_is_no_id_is_not_found(admin_client):
    assert admin_client.get(reverse("admin:bulk_new", args=["hold"]) + "?of=x").status_code == 404
