"""A customer has their own web server told of their orders, on the pages of their account."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from eventbus.testing import settle
from tests.browser.conftest import SettledShopper
from tests.system.browser.conftest import DESKTOP, NARROW, PHONE, violations
from tests.system.browser.pictures import load_pictures
from tests.unit.webhooks.receiver import FAILING, Receiver, receiving

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = [("light", PHONE), ("dark", DESKTOP)]


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.EVENTBUS_WEBHOOKS_ALLOW_LOCAL = True
    with receiving() as receiver:
        yield receiver


def looked_at(page: Page, name: str) -> None:
    """Everybody can use the page, and nothing is cut off."""
    for look, size in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=look)
        load_pictures(page)
        assert violations(page) == [], (name, look)
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= NARROW["width"], name
    page.set_viewport_size(PHONE)


def test_webhook_is_made_told_and_ended(shopper: SettledShopper, page: Page, receiver: Receiver):
    receiver.answers.insert(0, FAILING)
    shopper.logs_in()
    page.goto("/account/")
    page.get_by_role("link", name="Webhooks").click()
    page.wait_for_url("**/account/webhooks/")
    looked_at(page, "webhooks-none")
    page.get_by_role("link", name="Add a webhook").click()
    page.get_by_role("button", name="Add the webhook").click()
    shopper.gives_password()
    expect(page.get_by_role("alert")).to_contain_text("name one at least")
    looked_at(page, "webhook-wrong")

    page.get_by_label("Address (URL)").fill(receiver.url)
    page.get_by_label("An order was placed").check()
    page.get_by_label("A parcel has arrived").check()
    page.get_by_label("What is it for?").fill("The till in our office")
    page.get_by_role("button", name="Add the webhook").click()
    expect(page.get_by_label("The secret of this webhook")).to_have_value(re.compile("^whsec_"))
    looked_at(page, "webhook-secret")
    here = page.url
    page.get_by_role("button", name="Send a test message").click()
    expect(page.get_by_text("A test message is sent.")).to_be_visible()

    shopper.puts_into_cart()
    shopper.orders(email="customer@shop.example")
    settle()
    page.goto(here)
    expect(page.get_by_text("The secret of this webhook")).to_have_count(0)
    page.get_by_text("your server answered 500").first.click()
    expect(page.get_by_text("sorry")).to_be_visible()
    looked_at(page, "webhook-log")
    page.get_by_role("button", name="Send again An order was placed").click()
    settle()
    page.reload()
    expect(page.get_by_text("Delivered").first).to_be_visible()

    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_text("Somebody has disabled it.")).to_be_visible()
    page.get_by_role("link", name="All webhooks").click()
    page.wait_for_url("**/account/webhooks/")
    looked_at(page, "webhooks")
    page.get_by_role("link", name="127.0.0.1").click()
    page.get_by_role("link", name="Delete").click()
    page.wait_for_url("**/delete/")
    looked_at(page, "webhook-delete")
    page.get_by_role("button", name="Delete the webhook").click()
    expect(page.get_by_text("The webhook to 127.0.0.1 is deleted.")).to_be_visible()


def test_webhook_is_made_with_the_keyboard_alone_in_german(
    shopper: SettledShopper, page: Page, receiver: Receiver
):
    shopper.logs_in()
    page.goto("/de/account/webhooks/add/")
    page.get_by_label("Adresse (URL)").focus()
    page.keyboard.type(receiver.url)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Eine Bestellung wurde aufgegeben")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    shopper.gives_password()
    secret = page.get_by_label("Das Geheimnis dieses Webhooks")
    expect(secret).to_have_value(re.compile("^whsec_"))
