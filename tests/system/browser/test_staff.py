"""Staff at a desk: what they do to an order, in dialogs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from devtools.system import System
from tests.system.browser.conftest import DESKTOP
from tests.system.browser.desk import Desk
from tests.system.browser.sample_orders import FOREIGN
from tests.system.browser.shopper import Shopper

AT_A_DESK = pytest.mark.browser(viewport=DESKTOP)


class Staff(Desk):
    """Somebody of the staff, at the page of an order that a shopper has placed."""

    def opens(self, order: str) -> None:
        self.page.goto(f"/admin/order/{urlsplit(order).path.strip('/').split('/')[-1]}/")

    def dialog(self, name: str) -> Locator:
        """Press a button once it is there."""
        button = self.page.get_by_role("link", name=name, exact=True)
        self.sees(button)
        button.first.click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        return dialog


@contextmanager
def nothing_packed(system: System) -> Iterator[None]:
    """Have every order wait to be packed within the block, however long that takes."""
    said = ("--by", "tests", "--reason", "staff is to be first")
    assert not system.manage("pause", "shipping.ship_packed", *said).returncode
    try:
        yield
    finally:
        assert not system.manage("resume", "shipping.ship_packed", *said[:2]).returncode


@AT_A_DESK
def test_a_part_is_shipped_and_a_part_refunded(shopper: Shopper, page: Page, system: System):
    shopper.puts_into_cart(units=2)
    staff = Staff(page, "staff")
    with nothing_packed(system):
        staff.opens(shopper.orders(email="parts@shop.example"))
        staff.dialog("Ship by hand").get_by_role("button", name="Keep it").click()
        dialog = staff.dialog("Ship")
    dialog.get_by_label(re.compile("Units of")).first.fill("1")
    dialog.get_by_role("button", name="Hand over to the carrier").click()
    staff.sees(page.get_by_text("1 of 2 units shipped"))
    dialog = staff.dialog("Refund")
    dialog.get_by_label("Amount").fill("1.50")
    dialog.get_by_label("Reason").fill("scratched")
    dialog.get_by_role("button", name="Give the money back").click()
    expect(page.get_by_text("you refunded 1.50 EUR: scratched")).to_be_visible()
    staff.sees(page.get_by_role("cell", name="done", exact=True))


@AT_A_DESK
def test_a_fraud_flag_is_decided(shopper: Shopper, page: Page):
    shopper.puts_into_cart()
    order = shopper.orders(FOREIGN, email="foreign@shop.example")
    staff = Staff(page, "finance")
    staff.opens(order)
    dialog = staff.dialog("Decide about fraud")
    dialog.get_by_label("Clear: let it go on").check()
    dialog.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("you cleared it of fraud")).to_be_visible()
    staff.sees(page.get_by_text("Completed", exact=True))
