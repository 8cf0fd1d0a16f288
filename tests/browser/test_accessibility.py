"""axe-core finds nothing on any page, in light and in dark."""

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, picture
from tests.browser.shopper import DECLINED, Shopper

LOOKS = [
    pytest.param(marks=pytest.mark.browser(color_scheme="light", viewport=PHONE), id="light phone"),
    pytest.param(marks=pytest.mark.browser(color_scheme="dark", viewport=DESKTOP), id="dark desk"),
]

PUBLIC = {
    "home": "/",
    "category": "/categories/kitchen-table/",
    "products": "/products/",
    "search": "/products/?q=candle",
    "nothing-found": "/products/?q=zzzzzz",
    "product": "/products/speckled-stoneware-mug/",
    "empty-cart": "/cart/",
    "login": "/login/",
    "signup": "/signup/",
    "password-reset": "/password-reset/",
    "mails": "/mails/",
    "not-found": "/no-such-page/",
    "api-docs": "/api/docs",
}
ACCOUNT = {
    "account": "/account/",
    "account-orders": "/account/orders/",
    "points": "/account/points/",
    "addresses": "/account/addresses/",
    "address-form": "/account/addresses/add/",
    "profile": "/account/profile/",
    "tokens": "/account/tokens/",
    "privacy": "/account/data/",
    "delete-account": "/account/delete/",
    "password": "/account/password/",
}


@pytest.fixture
def dark(request) -> bool:
    return "dark" in request.node.callspec.id


def assert_accessible(page: Page, name: str, dark: bool) -> None:
    """Keep a picture of the page, and let axe look at it."""
    picture(page, f"{name}-{'dark' if dark else 'light'}")
    found = Axe().run(page)["violations"]
    told = [f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes']]}" for v in found]
    assert told == [], f"{name} ({page.url})"


@pytest.mark.parametrize((), LOOKS)
def test_pages_for_everybody(page: Page, dark: bool):
    for name, path in PUBLIC.items():
        page.goto(path)
        assert_accessible(page, name, dark)


@pytest.mark.parametrize((), LOOKS)
def test_pages_of_a_customer(page: Page, dark: bool):
    Shopper(page).logs_in()
    for name, path in ACCOUNT.items():
        page.goto(path)
        assert_accessible(page, name, dark)


@pytest.mark.parametrize((), LOOKS)
def test_pages_of_a_purchase(shopper: Shopper, page: Page, dark: bool):
    shopper.puts_into_cart(units=2)
    assert_accessible(page, "cart", dark)
    page.goto("/checkout/")
    assert_accessible(page, "checkout", dark)
    shopper.place_button.click()
    page.get_by_role("alert").wait_for()
    assert_accessible(page, "checkout-wrong", dark)
    shopper.orders(DECLINED)
    page.get_by_role("link", name="Pay with another card").click(timeout=60_000)
    assert_accessible(page, "pay-again", dark)
    page.go_back()
    assert_accessible(page, "order-declined", dark)


@pytest.mark.parametrize((), LOOKS)
def test_pages_of_a_return(shopper: Shopper, page: Page, dark: bool):
    shopper.puts_into_cart(units=2)
    order = shopper.orders()
    assert_accessible(page, "order", dark)
    shopper.sees_step("Delivered")
    assert_accessible(page, "order-delivered", dark)
    page.goto(f"{order}return/")
    assert_accessible(page, "return", dark)
