"""An operator at the console: sees what fails and mends it, holds and releases, reads stories."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from playwright.sync_api import Page, expect

from devtools.embedded.postgres import database_url
from devtools.system import System
from devtools.waiting import wait_until
from tests.system.browser.conftest import DESKTOP
from tests.system.browser.desk import Desk, problems
from tests.system.browser.pictures import picture
from tests.system.browser.sample_orders import FOREIGN
from tests.system.browser.shopper import TIMEOUT_MS, Shopper
from tests.system.browser.test_staff import Staff
from tests.system.processes.conftest import rows

#: Given an order: whether paying it was tried a second time.
RETRIED = """
    select 1 from eventbus_delivery d join eventbus_outboxevent e on e.id = d.event_id
    where d.attempts > 1 and d.reaction = 'authorise_payment' and e.subject = %s
"""


class Operator(Desk):
    """Whoever keeps the shop running, by what is to be seen."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, "operator", to="/console/")
        self.is_at("Now")

    def is_at(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()

    def goes_to(self, place: str) -> None:
        self.page.get_by_role("navigation", name="Console").get_by_role("link", name=place).click()

    def finds_the_story_of(self, reference: str) -> None:
        self.goes_to("Story")
        self.page.get_by_label("Order number").fill(reference)
        self.page.get_by_role("button", name="Find").click()
        self.is_at("Story of order")


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


def test_a_broken_gateway_is_seen_tried_out_repaired_and_the_orders_complete(
    shopper: Shopper, page: Page, operator: Operator, system: System
):
    desk = operator.page
    with broken_gateway(system):
        shopper.puts_into_cart()
        shopper.orders()
        operator.goes_to("Failed")
        operator.sees(desk.locator("td.parked"))
        desk.get_by_role("link", name="billing.authorise_payment").first.click()
        desk.get_by_label("What is known").fill("the book is mislaid")
        desk.get_by_role("button", name="Keep").click()
        expect(desk.get_by_text("Noted.")).to_be_visible()
        desk.get_by_role("button", name="Dry run").first.click()
        expect(desk.get_by_text("Nothing of this has happened.")).to_be_visible()
        assert problems(desk, "console-group") == []
    desk.get_by_role("button", name="Retry the group").click()
    expect(desk.get_by_role("heading", name="Retried")).to_be_visible()
    shopper.sees_step("Delivered")
    operator.finds_the_story_of(order_id(page))
    expect(desk.locator(".tree").get_by_text("retried by operator").first).to_be_visible()
    assert problems(desk, "console-story-retried") == []
    desk.locator(".tree").get_by_role("link", name="billing.authorise_payment").first.click()
    expect(desk.get_by_text("operator retried billing.authorise_payment")).to_be_visible()


def test_what_breaks_is_seen_on_now_followed_to_its_cure_and_seen_gone_without_a_reload(
    shopper: Shopper, page: Page, operator: Operator, system: System
):
    desk = operator.page
    needs = desk.get_by_role("region", name="What needs a person")
    broken = needs.get_by_role("link", name="billing.authorise_payment failed").first
    expect(desk.locator("[data-live-state=live]")).to_be_visible()
    expect(broken).not_to_be_attached()
    desk.evaluate("window.neverLoadedAgain = true")
    with broken_gateway(system):
        shopper.puts_into_cart()
        shopper.orders()
        expect(broken).to_contain_text("parked", timeout=TIMEOUT_MS)
        expect(
            desk.locator("[data-live=app-billing]").get_by_role("link", name="1")
        ).to_be_attached()
        assert problems(desk, "console-now-broken") == []
        with desk.context.expect_page() as opened:
            broken.click(modifiers=["Control"])
    cure = opened.value
    cure.get_by_role("button", name="Retry the group").click()
    expect(cure.get_by_role("heading", name="Retried")).to_be_visible()
    expect(broken).not_to_be_attached()
    assert desk.evaluate("window.neverLoadedAgain")
    shopper.sees_step("Delivered")


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
    operator.finds_the_story_of(order_id(page))
    expect(desk.locator("#standing")).to_contain_text("because operator paused shipping")
    desk.get_by_role("link", name="Resume it", exact=True).first.click()
    desk.wait_for_url("**/paused/")
    expect(desk.get_by_role("rowheader", name="shipping")).to_be_visible()
    waiting = "select count(*) from eventbus_delivery where app = 'shipping' and state = 'waiting'"
    assert rows(system, waiting)[0][0] > 0
    desk.get_by_role("button", name="Resume shipping").click()
    expect(desk.get_by_text("It goes on")).to_be_visible()
    shopper.sees_step("Delivered")


def test_an_audit_is_asked_for_and_its_result_comes_by_itself(operator: Operator):
    desk = operator.page
    desk.get_by_role("button", name="Run an audit now").click()
    expect(desk.get_by_text("rules hold").first).to_be_visible(timeout=TIMEOUT_MS)
    expect(desk.get_by_role("region", name="The proof").get_by_text("Lost")).to_be_visible()
    picture(desk, "console-now-audited")


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
    assert problems(desk, "console-story-closely") == []
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Download as SVG").click()
    assert download.value.suggested_filename.endswith(".svg")


def test_a_story_names_the_step_that_was_retried_and_what_was_taken_back(
    shopper: Shopper, page: Page, operator: Operator, system: System
):
    """The processor's book is away for the first attempts; later the order is taken for fraud."""
    desk = operator.page
    with broken_gateway(system):
        shopper.puts_into_cart()
        shopper.orders(FOREIGN, email="taken-back@shop.example")
        order = order_id(page)
        wait_until(lambda: rows(system, RETRIED, order), TIMEOUT_MS / 1000, "a second attempt")
    finance = Staff(page, "finance")
    finance.opens(order)
    finance.sees(page.get_by_text("Authorized"))
    dialog = finance.dialog("Decide about fraud")
    dialog.get_by_label("Refuse: take it for fraud").check()
    dialog.get_by_label("Why").fill("the bank called")
    dialog.get_by_role("button", name="Decide").click()
    operator.finds_the_story_of(order)
    tree = desk.locator(".tree")
    operator.sees(tree.get_by_text("billing.PaymentVoided"))
    retried = tree.locator("li p", has_text="billing.authorise_payment")
    expect(retried).to_contain_text("done, waited")
    expect(retried).to_contain_text("attempt")
    for taken_back in ("orders.OrderPlaced", "inventory.StockReserved"):
        step = tree.locator("li > p", has=desk.get_by_text(taken_back, exact=True))
        expect(step.first).to_contain_text("compensated by orders.OrderCancelled")
    picture = desk.locator(".picture svg")
    expect(picture.get_by_text("authorise_payment ×")).to_be_visible()
    expect(picture.get_by_text("StockReserved ↶")).to_be_visible()
    assert problems(desk, "console-story-taken-back") == []
