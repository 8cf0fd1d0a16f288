"""An operator finds out why an order is not done, and watches it go on."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from eventbus.delivery import pause
from eventbus.delivery.models import Delivery
from eventbus.operations import failures
from eventbus.testing import later, settle
from orders.models import Order
from tests.scenarios.conftest import buy, fill_shelves
from tests.system.browser.conftest import DESKTOP
from tests.system.browser.desk import Desk, problems

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def _shelves(system) -> None:
    fill_shelves()


@pytest.fixture
def desk(_shelves, page: Page) -> Page:
    page.set_viewport_size(DESKTOP)
    return Desk(page, "operator", to="/console/story/").page


def look_at(desk: Page, order: Order) -> None:
    desk.get_by_label("Order number").fill(order.number)
    desk.get_by_role("button", name="Find").click()
    desk.wait_for_url(f"**/story/{order.number}/")


def time_passes() -> None:
    """Let all go on, what waits to be sent again too."""
    with later(timedelta(minutes=2)):
        settle()


def expect_standing(desk: Page, words: str) -> None:
    expect(desk.locator("#standing")).to_contain_text(words)


@pytest.fixture
def paused_order(desk: Page):
    """Somebody's order, while shipping is paused."""
    pause.pause("shipping", by="olga", reason="the carrier is on strike")
    order = buy(customer=None)
    settle()
    yield order
    if pause.paused("shipping"):
        pause.resume("shipping", by="olga")
    time_passes()


def test_an_order_that_a_pause_holds_up_says_so_and_goes_on_before_the_readers_eyes(
    desk: Page, paused_order: Order
):
    look_at(desk, paused_order)
    expect_standing(desk, "because olga paused shipping")
    expect(desk.get_by_text("Live", exact=True).last).to_be_visible()
    assert problems(desk, "story-paused") == []
    desk.set_viewport_size(DESKTOP)
    desk.locator("#more-reasons summary").click()
    desk.get_by_role("link", name="What it says").first.click()
    expect(desk.locator("#payload pre")).to_be_visible()
    focused = desk.locator("#story-picture svg a").first
    focused.focus()
    where = focused.get_attribute("href")

    pause.resume("shipping", by="olga")
    time_passes()
    expect_standing(desk, "Done: ended by orders.OrderCompleted")
    expect(desk.locator("#payload pre")).to_be_visible()
    assert desk.evaluate("document.activeElement.getAttribute('href')") == where
    expect(desk.locator("#story-news")).to_contain_text("Done: ended by")
    assert problems(desk, "story-done") == []


def test_the_sentence_leads_to_where_a_pause_is_ended(desk: Page, paused_order: Order):
    look_at(desk, paused_order)
    desk.get_by_role("link", name="Resume it", exact=True).first.click()
    desk.wait_for_url("**/paused/")
    expect(desk.get_by_role("rowheader", name="shipping")).to_be_visible()


def test_the_sentence_leads_to_a_parked_reaction_and_its_retry_to_the_end(desk: Page):
    order = buy(customer=None)
    settle(but=["billing"])
    parked = Delivery.objects.filter(event__subject=order.id, app="billing", state="waiting")
    parked.update(
        state="parked", attempts=8, error="OSError: the bank is away", closed_at=timezone.now()
    )
    look_at(desk, order)
    expect_standing(desk, "billing.authorise_payment has been parked since")
    expect_standing(desk, "after 8 attempts (OSError: the bank is away)")
    desk.get_by_role("link", name="Look at it, and retry it", exact=True).first.click()
    expect(desk.get_by_text("OSError: the bank is away").first).to_be_visible()
    desk.go_back()
    failures.retry(Delivery.objects.filter(event__subject=order.id, state="parked"), by="olga")
    expect_standing(desk, "to be begun anew")
    time_passes()
    expect_standing(desk, "Done: ended by orders.OrderCompleted")


def test_a_view_is_made_linear_zoomed_and_shared_with_the_keyboard(desk: Page):
    order = buy(customer=None)
    time_passes()
    look_at(desk, order)
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.get_by_role("link", name="Make it linear").press("Enter")
    desk.wait_for_url("**?axis=linear")
    desk.get_by_role("navigation", name="Part of the story").get_by_role("link").first.press(
        "Enter"
    )
    desk.wait_for_url("**end=*axis=linear")
    expect(desk.get_by_role("link", name="Whole story")).to_be_visible()
    expect(desk.get_by_label("Address of this view")).to_have_value(desk.url)
    desk.get_by_role("button", name="Copy").press("Enter")
    expect(desk.locator("#copied")).to_have_text("Copied")
    assert desk.evaluate("navigator.clipboard.readText()") == desk.url
    assert problems(desk, "story-linear") == []
