"""What can go wrong with an order, and how its shopper gets out of it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Page, expect

from devtools.system import System
from devtools.waiting import wait_until
from tests.system.browser.shopper import APPROVED, DECLINED, Shopper
from tests.system.processes.conftest import count

CAPTURED = "select count(*) from billing_charge where order_id = '{order}' and state = 'captured'"
LEFT = "select count(*) from shipping_shipment where order_id = '{order}' and shipped > 0"


@contextmanager
def without(system: System, app: str) -> Iterator[None]:
    """An app's worker is off."""
    system.stop_program(app)
    try:
        yield
    finally:
        system.start_program(app)


def order_id(page: Page) -> str:
    return page.url.rstrip("/").rpartition("/")[2]


def test_after_a_decline_another_card_pays_the_same_order(shopper: Shopper, page: Page, system):
    shopper.puts_into_cart()
    placed = shopper.orders(DECLINED)
    page.get_by_role("link", name="Pay with another card").click(timeout=60_000)
    shopper.chooses_card(APPROVED)
    page.get_by_role("main").get_by_role("button", name="Pay").click()
    page.wait_for_url(f"**{placed}")
    shopper.sees_step("Delivered")
    assert count(system, CAPTURED.format(order=order_id(page))) == 1


def test_cancelled_in_time_nothing_is_sent_and_the_money_goes_back(
    shopper: Shopper, page: Page, system
):
    with without(system, "shipping"):
        shopper.puts_into_cart()
        shopper.orders()
        shopper.sees_step("Payment")
        page.get_by_role("button", name="Cancel this order").click()
        shopper.sees("possible as long as the parcel has not left")
    shopper.sees("This order was cancelled")
    shopper.sees_step("Your money")
    shopper.sees("€20.90 has gone back to your card.")


def test_cancelled_too_late_the_shopper_is_told_that_the_parcel_had_left(
    shopper: Shopper, page: Page, system
):
    with ExitStack() as later:
        with without(system, "shipping"):
            shopper.puts_into_cart()
            shopper.orders()
            shopper.sees_step("Payment")
            # The orders app does not hear that the parcel leaves: its shopper may still ask.
            later.enter_context(without(system, "orders"))
        left = LEFT.format(order=order_id(page))
        wait_until(lambda: count(system, left) == 1, 60, "the parcel leaves")
        page.get_by_role("button", name="Cancel this order").click()
        shopper.sees("We are cancelling your order")
    shopper.sees("the parcel had already left")
    shopper.sees_step("Delivered")


def test_returned_goods_are_refunded_and_the_page_says_so_only_then(shopper: Shopper, page: Page):
    shopper.puts_into_cart(units=2)
    shopper.orders()
    shopper.sees_step("Delivered")
    page.get_by_role("link", name="Send something back").click()
    page.get_by_label("Speckled Stoneware Mug").fill("1")
    page.get_by_label("Why?").select_option("It does not fit")
    page.get_by_role("button", name="Send back").click()
    shopper.sees_step("Goods returned")
    shopper.sees_step("Your money")
    shopper.sees("€16.00 has gone back to your card.")


def test_an_app_that_is_off_is_told_honestly_and_the_order_goes_on_later(
    shopper: Shopper, page: Page, system
):
    with without(system, "inventory"):
        shopper.puts_into_cart()
        shopper.orders()
        shopper.sees("has not answered yet")
    shopper.sees_step("Delivered")


def test_an_order_nobody_placed_is_not_found(page: Page):
    response = page.goto("/orders/0196f5d0-0000-7000-8000-000000000000/")
    assert response.status == 404
    expect(page.get_by_role("main")).to_contain_text("not")
