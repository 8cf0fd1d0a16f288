"""An operator at the console: sees what fails and mends it, holds and releases, reads stories."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from shop.embedded.postgres import database_url
from shop.system import System
from tests.browser.conftest import DESKTOP, PHONE, picture
from tests.browser.shopper import PATIENCE, Shopper
from tests.live.conftest import rows

PAGES = ("", "story/", "map/", "map/?app=billing", "lag/", "failed/", "overdue/", "paused/")
MORE = ("workers/", "alerts/", "lag/?span=7%20days")
LOOKS = [
    pytest.param(marks=pytest.mark.browser(color_scheme="light", viewport=DESKTOP), id="light"),
    pytest.param(marks=pytest.mark.browser(color_scheme="dark", viewport=PHONE), id="dark"),
]


@pytest.fixture
def dark(request) -> bool:
    return "dark" in request.node.callspec.id


def assert_accessible(page: Page, name: str) -> None:
    """Keep a picture of the page; axe finds nothing, and nothing is wider than the screen."""
    picture(page, name)
    found = Axe().run(page)["violations"]
    assert [(v["id"], [node["target"] for node in v["nodes"]]) for v in found] == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


class Operator:
    """Whoever keeps the shop running, by what is to be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._log_in()
        page.goto("/console/")
        self.is_at("What is going on")

    def _log_in(self) -> None:
        """Without the login's page, which is the admin's."""
        desk = self.page.context
        desk.request.get("/admin/login/")
        token = next(c["value"] for c in desk.cookies() if c["name"] == "csrftoken")
        who = {"username": "operator", "password": "operator", "csrfmiddlewaretoken": token}
        assert desk.request.post("/admin/login/?next=/console/", form=who).ok

    def is_at(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()

    def goes_to(self, place: str) -> None:
        self.page.get_by_role("navigation", name="Console").get_by_role("link", name=place).click()

    def finds_the_story_of(self, reference: str) -> None:
        self.goes_to("Story")
        self.page.get_by_label("Order number").fill(reference)
        self.page.get_by_role("button", name="Find").click()
        self.is_at("Story of order")

    def waits_until_there_is(self, found: Locator) -> None:
        """Load the page again until it is there: nothing on it moves by itself."""
        for _ in range(60):
            if found.is_visible():
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        raise AssertionError(f"{found} is not on {self.page.locator('main').inner_text()}")


@pytest.fixture
def operator(browser, system: System) -> Iterator[Operator]:
    """At a desk of their own, beside the shopper's."""
    context = browser.new_context(base_url=system.url, reduced_motion="reduce", viewport=DESKTOP)
    context.set_default_timeout(20_000)
    yield Operator(context.new_page())
    context.close()


def rename(system: System, table: str, name: str) -> None:
    with psycopg.connect(database_url(system.state), autocommit=True) as connection:
        connection.execute(f"alter table {table} rename to {name}")


@contextmanager
def broken_gateway(system: System) -> Iterator[None]:
    """The processor's book is not where it was."""
    rename(system, "billing_sandboxoperation", "mislaid")
    try:
        yield
    finally:
        rename(system, "mislaid", "billing_sandboxoperation")


def order_id(page: Page) -> str:
    return page.url.rstrip("/").rpartition("/")[2]


@pytest.mark.parametrize((), LOOKS)
def test_every_page_is_accessible_in_light_and_dark(page: Page, dark: bool):
    Operator(page)
    for path in (*PAGES, *MORE):
        page.goto(f"/console/{path}")
        name = re.sub(r"\W+", "-", path).strip("-") or "front"
        assert_accessible(page, f"console-{name}-{'dark' if dark else 'light'}")


def test_a_broken_gateway_is_seen_tried_out_repaired_and_the_orders_complete(
    shopper: Shopper, page: Page, operator: Operator, system: System
):
    desk = operator.page
    with broken_gateway(system):
        shopper.puts_into_cart()
        shopper.orders()
        operator.goes_to("Failed")
        operator.waits_until_there_is(desk.locator("td.parked"))
        desk.get_by_role("link", name="billing.authorise_payment").first.click()
        desk.get_by_label("What is known").fill("the book is mislaid")
        desk.get_by_role("button", name="Keep").click()
        expect(desk.get_by_text("Noted.")).to_be_visible()
        desk.get_by_role("button", name="Dry run").first.click()
        expect(desk.get_by_text("Nothing of this has happened.")).to_be_visible()
        assert_accessible(desk, "console-group")
    desk.get_by_role("button", name="Retry the group").click()
    expect(desk.get_by_role("heading", name="Retried")).to_be_visible()
    shopper.sees_step("Delivered")
    operator.finds_the_story_of(order_id(page))
    assert_accessible(desk, "console-story")
    desk.locator(".tree").get_by_role("link", name="billing.authorise_payment").first.click()
    expect(desk.get_by_text("operator retried billing.authorise_payment")).to_be_visible()


def test_a_paused_app_stays_paused_when_its_worker_is_restarted_and_goes_on_when_resumed(
    shopper: Shopper, page: Page, operator: Operator, system: System
):
    desk = operator.page
    operator.goes_to("Paused")
    desk.get_by_label("App or reaction").select_option("shipping")
    desk.get_by_label("Reason, others").fill("the carrier is on strike")
    desk.get_by_role("button", name="Pause", exact=True).click()
    expect(desk.get_by_text("shipping is paused")).to_be_visible()
    system.restart("shipping")
    shopper.puts_into_cart()
    shopper.orders()
    shopper.sees_step("Payment")
    operator.goes_to("Paused")
    expect(desk.get_by_role("rowheader", name="shipping")).to_be_visible()
    waiting = "select count(*) from bus_delivery where app = 'shipping' and state = 'waiting'"
    assert rows(system, waiting)[0][0] > 0
    desk.get_by_role("button", name="Resume shipping").click()
    expect(desk.get_by_text("It goes on")).to_be_visible()
    shopper.sees_step("Delivered")


def test_an_audit_is_asked_for_and_its_result_comes_by_itself(operator: Operator):
    desk = operator.page
    desk.get_by_role("button", name="Make an audit now").click()
    expect(desk.get_by_text("rules hold").first).to_be_visible(timeout=PATIENCE)
    expect(desk.get_by_text("Lost")).to_be_visible()


def test_a_story_can_be_looked_at_closely_and_its_events_read_without_leaving_it(
    shopper: Shopper, page: Page, operator: Operator
):
    desk = operator.page
    shopper.puts_into_cart()
    shopper.orders()
    shopper.sees_step("Payment")
    operator.finds_the_story_of(order_id(page))
    address = desk.url
    desk.get_by_role("link", name="What it says").first.click()
    expect(desk.locator("pre").first).to_be_visible()
    assert "ada@shop.example" not in desk.content()
    assert desk.url == address
    desk.get_by_role("navigation", name="Part of the story").get_by_role("link").first.click()
    expect(desk.get_by_role("link", name="Whole story")).to_be_visible()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Download as SVG").click()
    assert download.value.suggested_filename.endswith(".svg")
