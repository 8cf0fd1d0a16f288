"""The page of the town, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.system.browser.conftest import DESKTOP, PHONE, running_browser, violations
from tests.system.browser.pictures import picture
from tests.system.rides.conftest import Town

#: Who waits where, for the picture.
CROWD = (
    *(("Alma", "d2"), ("Boris", "e2"), ("Carla", "f3"), ("Dev", "e3"), ("Elif", "d3")),
    *(("Finn", "f2"), ("Greta", "e1"), ("Hana", "g2"), ("Ivo", "c4"), ("Jana", "h5")),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def context(browser: Browser, town: Town) -> BrowserContext:
    """One window for all pages: each of its own takes as long as a page."""
    return browser.new_context(base_url=town.url, viewport=DESKTOP, reduced_motion="reduce")


@pytest.fixture
def page(context: BrowserContext, town: Town) -> Iterator[Page]:
    """The page, which must not fail: an error of a script fails the test."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(town.url)
    expect(page.locator("#connection")).to_have_text("live")
    yield page
    page.close()
    assert errors == []


def test_a_ride_is_asked_for_by_keyboard_and_followed_to_its_end_on_a_phone(page: Page):
    page.set_viewport_size(PHONE)
    page.get_by_label("Your name").focus()
    page.keyboard.type("Ann by keyboard")
    page.keyboard.press("Tab")
    page.keyboard.type("Abbey Street & Station")
    page.keyboard.press("Tab")
    page.keyboard.type("Chapel Lane & Garden")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#yours")).to_have_text("Your ride: arrived.")
    expect(page.locator("#story")).to_contain_text("RideCompleted")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert violations(page) == []


def test_the_map_is_another_way_to_choose_corners(page: Page):
    page.locator("#map").click(position={"x": 20, "y": 20})
    page.locator("#map").click(position={"x": 300, "y": 180})
    chosen = {page.get_by_label(name, exact=True).input_value() for name in ("From", "To")}
    assert len(chosen - {""}) == 2
    expect(page.locator("#chosen text")).to_have_text(["A", "B"])
    page.get_by_role("button", name="Request a ride").click()
    expect(page.locator("#yours")).to_contain_text("Your ride")


def test_a_worker_is_switched_off_and_on_and_the_page_says_so(page: Page, town: Town):
    switch = page.get_by_role("switch", name="analytics")
    switch.click()
    expect(switch).to_have_text("off")
    rides = [town.request(corner, "i6", rider) for rider, corner in CROWD]
    expect(page.locator("[data-app=analytics] .waits")).to_contain_text("waiting")
    page.locator("#rides button").last.click()
    expect(page.locator("#story")).to_contain_text("RideRequested")
    picture(page, "rides")
    # A ride can do without it.
    town.becomes(rides[0], "completed")
    assert "analytics" not in town.reacted(rides[0])
    switch.click()
    expect(switch).to_have_text("on")
    town.catches_up("analytics")
    assert "analytics" in town.reacted(rides[0])


def test_the_console_of_the_bus_shows_this_project_to_its_operator(context: BrowserContext):
    page = context.new_page()
    page.goto("bus/")
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill("operator")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Now")).to_be_visible()
    for address in ("bus/map/", "bus/throughput/", "bus/workers/"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok
        expect(page.locator("main")).to_contain_text("surge")
    page.close()
