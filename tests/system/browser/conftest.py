"""A real system with its demo shop, and real browsers that shoppers sit at."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from devtools.system import System, running_system, temporary_state
from tests.system.browser.shopper import Shopper

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
#: A desktop window at 400 %, or the smallest phone.
NARROW = {"width": 320, "height": 640}

#: No browser of ours may call home: the network ends here.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

#: Milliseconds a page may take, on a machine busy with other tests.
PAGE_WITHIN = 20_000

FIND_VIOLATIONS = """() =>
  axe.run({resultTypes: ["violations"]}).then((found) => found.violations)"""

#: Times short enough to wait for, and long enough to act within.
TIMES = {
    "PACKING_TIME": "2",
    "CARRIER_TRANSIT": "1",
    "ANSWER_LATE_AFTER": "2",
    "EVENTBUS_RETRY_BASE": "0.2",
    "EVENTBUS_OVERDUE_AFTER": "2",
}

#: A foreign card alone is odd enough for staff to decide; many orders at once are not.
ODD = {"FRAUD_FLAG_SCORE": "30", "FRAUD_VELOCITY_ORDERS": "1000"}


#: Their pages are to be seen too, see `tests.servers`.
BRIDGES = {"BRIDGES": "webhooks"}


@pytest.fixture(scope="package")
def system(database_template: None) -> Iterator[System]:
    """One shop for all browser tests; each buys as somebody of its own."""
    with (
        temporary_state() as state,
        running_system(state, SHOP_RUN_EXCLUDE="flower", **BRIDGES, **TIMES, **ODD) as running,
    ):
        yield running


def chromium() -> str:
    """Find Chromium. Where tests must run (CI is set) its absence is an error."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and os.environ.get("CI"):
        pytest.fail("Chromium is missing: apt-get install chromium")
    return found or pytest.skip("Chromium is missing: apt-get install chromium")


@contextmanager
def running_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET])
        expect.set_options(timeout=PAGE_WITHIN)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture
def context(browser: Browser, system: System, request: pytest.FixtureRequest) -> Iterator:
    """A browser nobody has used. `@pytest.mark.browser(...)` sets what is special about it."""
    special = request.node.get_closest_marker("browser")
    options = {"viewport": PHONE, **(special.kwargs if special else {})}
    context = browser.new_context(base_url=system.url, reduced_motion="reduce", **options)
    context.set_default_timeout(PAGE_WITHIN)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that must not fail: an error of a script or of the server fails the test."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "response",
        lambda response: response.status >= 500 and errors.append(f"{response.url}: error"),
    )
    yield page
    assert errors == []


@pytest.fixture
def shopper(page: Page) -> Shopper:
    """Somebody on a phone."""
    return Shopper(page)


def violations(page: Page) -> list[dict[str, Any]]:
    """Return what axe-core finds on a page. Telling what it found in order takes twice as long."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return page.evaluate(FIND_VIOLATIONS)
