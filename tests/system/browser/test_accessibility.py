"""Every page is for everybody: axe-core finds nothing, light or dark, and nothing is cut off."""

from collections.abc import Iterator
from typing import Literal

import pytest
from django.template.loader import render_to_string
from django.urls import translate_url
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from devtools.system import PROJECT, System
from tests.system.browser import pages
from tests.system.browser.conftest import DESKTOP, NARROW, PHONE, violations
from tests.system.browser.pictures import picture

#: In which every page is seen: light on a phone, dark on a desk.
LOOKS: list[tuple[Literal["light", "dark"], ViewportSize]] = [("light", PHONE), ("dark", DESKTOP)]

#: Those that nobody should come to; where nothing is, one comes to easily.
ERRORS = sorted(
    file.name
    for file in (PROJECT / "shop/storefront/templates").glob("[45]*.html")
    if file.name != "404.html"
)


Visit = tuple[list, pages.Paths]


@pytest.fixture(scope="module")
def guest(browser: Browser, system: System) -> Iterator[Visit]:
    """The cookies of a guest who has bought, and the pages to see with them."""
    with browser.new_context(base_url=system.url, viewport=PHONE) as context:
        paths = pages.of_a_guest(context.new_page())
        yield context.cookies(), paths


@pytest.fixture(scope="module")
def customer(browser: Browser, system: System) -> Iterator[Visit]:
    """The cookies of somebody with an account, and the pages to see with them."""
    with browser.new_context(base_url=system.url, viewport=PHONE) as context:
        paths = pages.of_a_customer(context.new_page())
        yield context.cookies(), paths


def test_no_page_is_left_out_here(guest: Visit, customer: Visit):
    seen = {key.partition(" ")[0] for _, paths in (guest, customer) for key in paths}
    assert pages.named() - seen == pages.NO_PAGE


def test_everybody_can_use_the_pages_of_a_guest(context: BrowserContext, page: Page, guest: Visit):
    assert _problems(context, page, guest) == []


def test_everybody_can_use_the_pages_of_a_customer(
    context: BrowserContext, page: Page, customer: Visit
):
    assert _problems(context, page, customer) == []


def test_everybody_can_use_forms_that_say_what_is_wrong(
    context: BrowserContext, page: Page, guest: Visit
):
    context.add_cookies(guest[0])
    page.goto("/checkout/")
    page.locator("#place").click()
    page.get_by_role("alert").wait_for()
    assert _problems_of(page, "checkout-wrong") == []


@pytest.mark.parametrize("template", ERRORS)
def test_everybody_can_use_the_pages_that_say_what_went_wrong(page: Page, template: str, rf):
    text = render_to_string(template, request=rf.get("/"))
    page.route("**/broken/", lambda route: route.fulfill(body=text, content_type="text/html"))
    page.goto("/broken/")
    assert _problems_of(page, template.removesuffix(".html")) == []


@pytest.mark.parametrize("whose", ["guest", "customer"])
def test_long_german_words_widen_no_page(
    context: BrowserContext, page: Page, whose: str, request: pytest.FixtureRequest
):
    cookies, paths = request.getfixturevalue(whose)
    context.add_cookies(cookies)
    problems = []
    for key, path in paths.items():
        page.goto(translate_url(path, "de"))
        problems += _cut_off(page, key)
    assert problems == []


def test_the_first_key_leads_past_the_head_to_the_content(page: Page):
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def _problems(context: BrowserContext, page: Page, visit: Visit) -> list[str]:
    cookies, paths = visit
    context.add_cookies(cookies)
    problems = []
    for key, path in paths.items():
        page.goto(path)
        problems += _problems_of(page, key.rpartition(":")[2].replace(" ", "-"))
    return problems


def _problems_of(page: Page, name: str) -> list[str]:
    """Return what somebody could not use of the page; its pictures for the README are kept."""
    found = []
    for look, size in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=look)
        picture(page, f"{name}-{look}")
        for violation in violations(page):
            nodes = [node["target"] for node in violation["nodes"]]
            found.append(f"{name}, {look}: {violation['help']}: {nodes}")
    return found + _cut_off(page, name)


def _cut_off(page: Page, name: str) -> list[str]:
    """Return what one would have to scroll to both sides for, on the narrowest of screens."""
    usual = page.viewport_size
    page.set_viewport_size(NARROW)
    width = page.evaluate("document.scrollingElement.scrollWidth")
    page.set_viewport_size(usual)
    return [f"{name}: {width} pixels wide"] if width > NARROW["width"] else []
