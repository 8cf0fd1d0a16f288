"""A shopper buys, and watches the order happen."""

import pytest
from playwright.sync_api import Page, expect

from devtools.waiting import wait_until
from tests.system.browser.conftest import DESKTOP
from tests.system.browser.pictures import picture
from tests.system.browser.shopper import TIMEOUT_MS, Shopper

STORY = ["Order received", "Set aside for you", "Payment", "Packing", "On its way", "Delivered"]


def test_a_guest_buys_on_a_phone_and_sees_every_step_without_a_reload(shopper: Shopper, page: Page):
    shopper.puts_into_cart()
    shopper.goes_to_checkout()
    picture(page, "checkout")
    shopper.places()
    page.evaluate("window.loadedOnce = true")
    picture(page, "order-received")
    for title in STORY:
        shopper.sees_step(title)
    assert page.evaluate("window.loadedOnce")
    with page.expect_download() as download:
        page.get_by_role("link", name="Invoice").click()
    assert download.value.suggested_filename.endswith(".pdf")


def test_a_reload_shows_what_the_live_page_shows(shopper: Shopper, page: Page):
    shopper.puts_into_cart()
    shopper.orders()
    shopper.sees_step("Delivered")
    live = page.locator("#story").inner_text()
    page.reload()
    assert page.locator("#story").inner_text() == live


@pytest.mark.browser(viewport=DESKTOP)
def test_a_customer_buys_with_points_and_a_code(shopper: Shopper, page: Page):
    shopper.logs_in()
    before = _points(page)
    shopper.puts_into_cart(units=5)
    shopper.orders(email="customer@shop.example")
    shopper.sees_step("Payment")
    _until_points_are_there(page, before)
    shopper.puts_into_cart()
    shopper.goes_to_checkout(email="customer@shop.example")
    page.get_by_label("Promotion code").fill("welcome10")
    page.get_by_role("button", name="Apply the promotion code").click()
    expect(page.get_by_text("WELCOME10 takes off")).to_be_visible()
    page.get_by_label("Points").fill("50")
    page.get_by_role("button", name="Spend points").click()
    expect(shopper.place_button).to_contain_text("18.80")
    shopper.places()
    expect(page.get_by_text("WELCOME10")).to_be_visible()
    expect(page.get_by_text("50 points")).to_be_visible()
    shopper.sees_step("Delivered")


def _until_points_are_there(page: Page, before: int) -> None:
    """Points come with the payment, from another app: look until they are there."""
    wait_until(lambda: 80 <= _points(page) - before < 90, TIMEOUT_MS / 1000, "points of the order")


def _points(page: Page) -> int:
    page.goto("/account/points/")
    return int(page.locator(".points strong").inner_text().replace(",", ""))


def test_what_sells_out_meanwhile_is_said_before_anybody_pays(
    shopper: Shopper, page: Page, browser, system
):
    few = "Speckled Stoneware Mug"
    page.goto("/products/speckled-stoneware-mug/HS-MUG-MID/")
    page.get_by_label("Quantity").fill("3")
    page.get_by_role("button", name="Put into the cart").click()
    with browser.new_context(base_url=system.url) as elsewhere:
        quicker = Shopper(elsewhere.new_page())
        quicker.page.goto("/products/speckled-stoneware-mug/HS-MUG-MID/")
        quicker.page.get_by_label("Quantity").fill("3")
        quicker.page.get_by_role("button", name="Put into the cart").click()
        quicker.orders(email="quicker@shop.example")
        quicker.sees_step("Set aside for you")
        _until_sold_out(quicker.page)
    page.goto("/checkout/?sample")
    expect(page.get_by_text("cannot be ordered").first).to_be_visible()
    expect(shopper.place_button).to_have_count(0)
    page.goto("/cart/")
    expect(page.get_by_text("sold out").first).to_be_visible()
    expect(page.get_by_text(few).first).to_be_visible()


def _until_sold_out(page: Page) -> None:
    page.goto("/products/speckled-stoneware-mug/HS-MUG-MID/")
    for _ in range(TIMEOUT_MS // 1000):
        if page.get_by_text("Sold out", exact=True).is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text("Sold out", exact=True)).to_be_visible()
