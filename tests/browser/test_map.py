"""An operator reads the map: what reacts to an event, and where that is written."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.system.browser.conftest import DESKTOP, NARROW, PHONE, violations

pytestmark = pytest.mark.django_db(transaction=True)

#: Lets an event pass, and returns how many lines it is on at once.
PULSE = """() => {
  document.dispatchEvent(new CustomEvent("console:pulse", {detail: {"billing.OrderBilled": 3}}));
  return document.querySelectorAll("#map .line:has(.dot)").length;
}"""


@pytest.fixture
def the_map(page: Page, system) -> Page:
    """The map, before somebody of the staff."""
    page.route("**/console/live/**", lambda route: route.fulfill(status=204))
    page.set_viewport_size(DESKTOP)
    page.goto("/admin/login/?next=/console/map/")
    page.get_by_label("Username").fill("staff")
    page.get_by_label("Password").fill("staff")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r":\d+/console/map/$"))
    return page


def lit(page: Page) -> set[str]:
    """Return the apps at the ends of the lines that stand out."""
    lines = page.locator("#map .line.lit")
    return set(lines.evaluate_all("lines => lines.map(line => line.dataset.app)"))


def test_what_reacts_to_an_event_is_seen_and_opened_with_its_line_of_code(the_map: Page):
    row = the_map.locator("#map a[data-type='billing.OrderBilled']")
    row.hover()
    assert lit(the_map) == {"loyalty", "notifications", "orders", "shipping"}
    row.click()
    panel = the_map.get_by_role("complementary", name="Details")
    expect(panel.get_by_role("heading", name="billing.OrderBilled")).to_be_focused()
    expect(panel.get_by_text("shipping.ship_order")).to_be_visible()
    expect(panel.get_by_text("billing/events.py:")).to_be_visible()
    expect(panel.get_by_text("shipping/reactions.py:")).to_be_visible()
    panel.get_by_role("link", name="shipping.OrderShipped").first.click()
    expect(panel.get_by_role("heading", name="shipping.OrderShipped")).to_be_focused()
    the_map.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_the_map_is_read_with_the_keyboard_alone(the_map: Page):
    the_map.get_by_role("region", name="The map").focus()
    the_map.keyboard.press("Tab")
    first = the_map.locator("#map a").first
    expect(first).to_be_focused()
    the_map.locator("#map a[data-type='fraud.OrderCleared']").focus()
    assert lit(the_map) == {"billing", "orders"}
    the_map.keyboard.press("Enter")
    expect(the_map.get_by_role("heading", name="fraud.OrderCleared")).to_be_focused()


def test_the_table_finds_an_event_by_who_reacts(the_map: Page):
    the_map.get_by_label("Find an event, an app or a reaction").fill("ship_order")
    expect(the_map.get_by_role("status").get_by_text("1 events")).to_be_visible()
    the_map.get_by_role("link", name="OrderBilled").last.click()
    expect(the_map.get_by_role("heading", name="billing.OrderBilled")).to_be_focused()


def test_an_event_that_passes_is_seen_on_its_lines_but_not_where_nothing_may_move(the_map: Page):
    the_map.emulate_media(reduced_motion="no-preference")
    assert the_map.evaluate(PULSE) == 4
    expect(the_map.locator("#map .dot")).to_have_count(0)
    the_map.emulate_media(reduced_motion="reduce")
    assert the_map.evaluate(PULSE) == 0


def test_what_can_come_of_an_order_is_followed_to_its_ends(the_map: Page):
    the_map.goto("/console/map/event/orders.OrderPlaced/")
    the_map.get_by_role("link", name="Follow this event on the map").click()
    the_map.wait_for_url("**/console/map/?follow=orders.OrderPlaced")
    expect(
        the_map.get_by_role("heading", name="What can come of orders.OrderPlaced")
    ).to_be_visible()
    ways = the_map.locator(".ways li")
    expect(ways.filter(has_text="orders.OrderCompleted")).to_contain_text("billing.OrderBilled")


def test_everybody_can_use_the_map_and_what_it_opens(the_map: Page):
    for path in ("map/", "map/event/billing.OrderBilled/", "map/app/billing/"):
        the_map.goto(f"/console/{path}")
        for look, size in (("light", PHONE), ("dark", DESKTOP)):
            the_map.set_viewport_size(size)
            the_map.emulate_media(color_scheme=look)
            assert violations(the_map) == [], (path, look)
        the_map.set_viewport_size(NARROW)
        width = the_map.evaluate("document.scrollingElement.scrollWidth")
        assert width <= NARROW["width"], path
