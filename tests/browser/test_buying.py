"""A shopper buys: with the keyboard alone, without scripts, in German, and once."""

import re

import pytest
from playwright.sync_api import Page, expect

from orders.models import Order
from tests.browser.conftest import SettledShopper, see_what_happens
from tests.system.browser.shopper import CHALLENGED, ORDER_PAGE

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_clicks_on_the_button_are_one_order(shopper: SettledShopper, page: Page):
    shopper.takes_a_mug()
    shopper.goes_to_checkout(email="double@shop.example")
    shopper.place_button.dblclick()
    expect(page).to_have_url(ORDER_PAGE)
    assert Order.objects.filter(email="double@shop.example").count() == 1


def test_going_back_and_sending_the_form_again_is_one_order(shopper: SettledShopper, page: Page):
    shopper.takes_a_mug()
    shopper.goes_to_checkout(email="again@shop.example")
    first = shopper.places()
    page.go_back()
    if shopper.place_button.is_visible():
        assert shopper.places() == first
    assert Order.objects.filter(email="again@shop.example").count() == 1


@pytest.mark.browser(java_script_enabled=False)
def test_the_whole_purchase_works_without_javascript(shopper: SettledShopper, page: Page):
    shopper.puts_into_cart()
    shopper.goes_to_checkout(email="plain@shop.example")
    page.get_by_role("radio", name="Express").check()
    page.get_by_label("Promotion code").fill("SHIPFREE")
    page.get_by_role("button", name="Apply the promotion code").click()
    expect(page.get_by_text("SHIPFREE takes off")).to_be_visible()
    expect(page.get_by_role("radio", name="Express")).to_be_checked()
    shopper.places()
    shopper.sees_step("Delivered")


def test_the_whole_purchase_works_with_the_keyboard_alone(page: Page):
    page.goto("/")
    _press_to(page, "searchbox", "Search the shop")
    page.keyboard.type("teapot")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=teapot**")
    _press_to(page, "link", "Enamel Teapot")
    page.keyboard.press("Enter")
    page.wait_for_url("**/products/*/")
    _press_to(page, "button", "Put into the cart")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cart/")
    _press_to(page, "link", "To the checkout")
    page.keyboard.press("Enter")
    page.wait_for_url("**/checkout/")
    _press_to(page, "link", "Use a sample address")
    page.keyboard.press("Enter")
    page.wait_for_url("**/checkout/?sample")
    _press_to(page, "button", re.compile("Order and pay"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(ORDER_PAGE)
    SettledShopper(page).sees_step("Delivered")


def _press_to(page: Page, role: str, name) -> None:
    """Tab forward until that is what the focus is on."""
    wanted = page.get_by_role(role, name=name).first
    expect(wanted).to_be_visible()
    for _ in range(120):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the {role} {name} cannot be reached with the keyboard")


@pytest.mark.browser(locale="de-DE")
def test_a_german_shopper_reads_german_all_the_way(shopper: SettledShopper, page: Page):
    page.goto("/")
    for other, language in (("English", "en"), ("Deutsch", "de")):
        page.get_by_role("link", name=other).click()
        expect(page.locator("html")).to_have_attribute("lang", language)
    page.goto("/de/products/hearthside-enamel-teapot/")
    page.get_by_role("button", name="In den Warenkorb").click()
    page.goto("/de/checkout/?sample")
    shopper.places()
    assert "/de/orders/" in page.url
    shopper.sees_step("Zugestellt")


def test_a_bank_that_asks_is_answered_and_the_order_goes_on(shopper: SettledShopper, page: Page):
    shopper.takes_a_mug()
    shopper.orders(CHALLENGED)
    see_what_happens(page)
    page.get_by_role("link", name="Go to your bank").click()
    page.get_by_role("button", name="Yes, confirm").click()
    page.wait_for_url(ORDER_PAGE)
    shopper.sees_step("Delivered")


def test_who_refuses_at_the_bank_may_pay_with_another_card(shopper: SettledShopper, page: Page):
    shopper.takes_a_mug()
    shopper.orders(CHALLENGED)
    see_what_happens(page)
    page.get_by_role("link", name="Go to your bank").click()
    page.get_by_role("button", name="No, refuse").click()
    page.wait_for_url(ORDER_PAGE)
    see_what_happens(page)
    expect(page.get_by_role("link", name="Pay with another card")).to_be_visible()
