"""Every page of staff and operators is for everybody, wide and narrow, light and dark."""

import re

import pytest
from playwright.sync_api import Page, expect

from devtools.system import System
from tests.system.browser.conftest import DESKTOP
from tests.system.browser.desk import Desk, problems
from tests.system.browser.sample_orders import sample_orders

AT_A_DESK = pytest.mark.browser(viewport=DESKTOP)

CONSOLE = {
    "now": "",
    "search": "story/",
    "story": "story/{plain}/",
    "map": "map/",
    "map-billing": "map/?app=billing",
    "throughput": "throughput/",
    "throughput-week": "throughput/?span=7d",
    "throughput-in-figures": "throughput/figures/",
    "budget": "throughput/budget/billing/",
    "failed": "failed/",
    "no-group": "failed/group/0123456789abcdef/",
    "notes": "failed/notes/",
    "overdue": "overdue/",
    "paused": "paused/",
    "workers": "workers/",
    "alerts": "alerts/",
    "contracts": "contracts/",
    "customer": "customer/{customer}/",
}

STAFF = {
    "dashboard": "",
    "orders": "orders/order/",
    "orders-sorted": "orders/order/?o=-5",
    "shipments": "shipping/shipment/",
    "screenings": "fraud/screening/",
    "returns": "orders/return/",
    "stock": "inventory/stock/",
    "stock-adjust": "inventory/stock/TEAPOT/change/",
    "did": "backoffice/staffaction/",
    "prices-import": "catalogue/variant/import/",
    "prices-export": "catalogue/variant/export/",
    "orders-export": "orders/order/export/",
    "customer": "customer/{customer}/",
    "stock-of": "stock/?sku=TEAPOT",
    "bulk": "bulk/new/decide/?of={flagged}",
    "bulk-none": "bulk/new/hold/",
    "order-flagged": "order/{flagged}/",
}

#: Dialogs on the page of an order that is flagged, and one at an address of its own.
DIALOGS = ("Decide about fraud", "Ship by hand", "Hold", "Cancel")
APART = {
    "ship": "order/{plain}/ship/",
    "refund": "order/{plain}/refund/",
    "release": "order/{plain}/release/",
    "approve": "order/{flagged}/approve-return/{back}/",
    "refuse": "order/{flagged}/refuse-return/{back}/",
}


@pytest.fixture(scope="module")
def ids(system: System) -> dict[str, str]:
    return sample_orders(system)


@AT_A_DESK
def test_everybody_can_use_the_console(page: Page, ids: dict[str, str]):
    Desk(page, "operator", to="/console/")
    found = []
    for name, path in CONSOLE.items():
        page.goto(f"/console/{path.format(**ids)}")
        found += problems(page, f"console-{name}")
    assert found == []


@AT_A_DESK
def test_everybody_can_use_the_pages_of_staff(page: Page, ids: dict[str, str]):
    Desk(page, "staff")
    found = []
    for name, path in {**STAFF, **APART}.items():
        page.goto(f"/admin/{path.format(**ids)}")
        page.wait_for_load_state("networkidle")
        found += problems(page, f"staff-{name}")
    assert found == []


@AT_A_DESK
def test_everybody_can_use_the_dialogs_and_the_progress_of_staff(page: Page, ids: dict[str, str]):
    staff = Desk(page, "staff")
    page.goto(f"/admin/order/{ids['flagged']}/")
    staff.sees(page.get_by_role("link", name=DIALOGS[0], exact=True))
    found = []
    for name in DIALOGS:
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found += problems(page, f"dialog-{name.lower().replace(' ', '-')}")
        page.get_by_role("dialog").get_by_role("link", name="Back").click()
    page.goto(f"/admin/order/{ids['plain']}/")
    again = page.get_by_role("link", name="Send again")
    staff.sees(again)
    found += problems(page, "staff-order")
    again.first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found += problems(page, "dialog-resend")
    page.goto(f"/admin/bulk/new/hold/?of={ids['flagged']}&of={ids['plain']}")
    page.get_by_label("Reason").fill("stocktaking")
    page.get_by_role("button", name="Put on hold").click()
    expect(page.get_by_text(re.compile("2 of 2 finished"))).to_be_visible()
    found += problems(page, "staff-bulk-run")
    assert found == []
