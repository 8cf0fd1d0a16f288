"""Every page is for everybody: axe-core finds nothing, light or dark, and nothing is cut off."""

from collections.abc import Iterator

import pytest
from axe_core_python.sync_playwright import Axe
from django.template.loader import render_to_string
from django.urls import translate_url
from playwright.sync_api import Browser, BrowserContext, Page, expect

from shop.system import PROJECT, System
from tests.browser import pages
from tests.browser.conftest import DESKTOP, PHONE, picture

LOOKS = [
    pytest.param(marks=pytest.mark.browser(color_scheme="light", viewport=PHONE), id="light phone"),
    pytest.param(marks=pytest.mark.browser(color_scheme="dark", viewport=DESKTOP), id="dark desk"),
]
#: A desktop window at 400 %, or the smallest phone.
NARROW = {"width": 320, "height": 640}

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


@pytest.fixture
def look(request: pytest.FixtureRequest) -> str:
    return "dark" if "dark" in request.node.callspec.id else "light"


def test_no_page_is_left_out_here(guest: Visit, customer: Visit):
    seen = {key.partition(" ")[0] for _, paths in (guest, customer) for key in paths}
    assert pages.named() - seen == pages.NO_PAGE


@pytest.mark.parametrize((), LOOKS)
def test_everybody_can_use_the_pages_of_a_guest(
    context: BrowserContext, page: Page, guest: Visit, look: str
):
    assert _problems(context, page, guest, look) == []


@pytest.mark.parametrize((), LOOKS)
def test_everybody_can_use_the_pages_of_a_customer(
    context: BrowserContext, page: Page, customer: Visit, look: str
):
    assert _problems(context, page, customer, look) == []


@pytest.mark.parametrize((), LOOKS)
def test_everybody_can_use_forms_that_say_what_is_wrong(
    context: BrowserContext, page: Page, guest: Visit, look: str
):
    context.add_cookies(guest[0])
    page.goto("/checkout/")
    page.locator("#place").click()
    page.get_by_role("alert").wait_for()
    assert _problems_of(page, f"checkout-wrong-{look}") == []


@pytest.mark.parametrize((), LOOKS)
@pytest.mark.parametrize("template", ERRORS)
def test_everybody_can_use_the_pages_that_say_what_went_wrong(
    page: Page, template: str, look: str, rf
):
    text = render_to_string(template, request=rf.get("/"))
    page.route("**/broken/", lambda route: route.fulfill(body=text, content_type="text/html"))
    page.goto("/broken/")
    assert _problems_of(page, f"{template.removesuffix('.html')}-{look}") == []


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


def _problems(context: BrowserContext, page: Page, visit: Visit, look: str) -> list[str]:
    cookies, paths = visit
    context.add_cookies(cookies)
    problems = []
    for key, path in paths.items():
        page.goto(path)
        name = key.rpartition(":")[2].replace(" ", "-")
        problems += _problems_of(page, f"{name}-{look}")
    return problems


def _problems_of(page: Page, name: str) -> list[str]:
    """Keep a picture of the page; returns what somebody could not use of it."""
    picture(page, name)
    violations = Axe().run(page)["violations"]
    found = [f"{name}: {v['help']}: {[n['target'] for n in v['nodes']]}" for v in violations]
    return found + _cut_off(page, name)


def _cut_off(page: Page, name: str) -> list[str]:
    """What one would have to scroll to both sides for, on the narrowest of screens."""
    usual = page.viewport_size
    page.set_viewport_size(NARROW)
    width = page.evaluate("document.scrollingElement.scrollWidth")
    page.set_viewport_size(usual)
    return [f"{name}: {width} pixels wide"] if width > NARROW["width"] else []
