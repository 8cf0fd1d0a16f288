"""An operator takes a group of failures from its cause to its cure, and sees it empty itself."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from billing import payment
from eventbus.delivery.models import Delivery
from eventbus.testing import later, settle
from tests.scenarios.conftest import buy
from tests.system.browser.conftest import DESKTOP, NARROW, PHONE, violations
from tests.system.browser.desk import Desk

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = [("light", DESKTOP), ("dark", PHONE)]
BROKEN = "the processor has moved"


@pytest.fixture
def three_failed() -> Iterator[None]:
    """Three orders whose payment failed for one reason, which is gone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(payment, "authorize", _refuse)
        for name in ("ada", "ben", "cleo"):
            buy(customer=name)
        with pytest.raises(AssertionError, match=BROKEN):
            settle()
    yield
    Delivery.objects.filter(state__in=("failed", "parked")).update(state="discarded")


def _refuse(_charge: object) -> None:
    raise RuntimeError(BROKEN)


@pytest.fixture
def desk(page: Page) -> Page:
    """An operator's, whose pages are not streamed: this server has no streams."""
    page.route("**/console/live/", lambda route: route.fulfill(status=204))
    page.set_viewport_size(DESKTOP)
    Desk(page, "operator", to="/console/failed/")
    return page


def looked_at(page: Page) -> None:
    """Everybody can use the page, and nothing is cut off."""
    for look, size in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=look)
        assert violations(page) == [], look
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= NARROW["width"]
    page.set_viewport_size(DESKTOP)


@pytest.mark.usefixtures("three_failed")
def test_a_group_is_found_tried_out_retried_watched_and_noted(desk: Page):
    desk.get_by_label("Search in errors and notes").fill("has moved")
    desk.get_by_role("button", name="Show").click()
    desk.wait_for_url("**q=has+moved**")
    looked_at(desk)
    expect(desk.get_by_role("cell", name="3 orders")).to_be_visible()
    desk.get_by_role("link", name="billing.authorise_payment").click()
    desk.wait_for_url("**/failed/group/**")
    expect(desk.get_by_text("tests/browser/test_mending.py:")).to_be_visible()

    desk.get_by_role("button", name="Dry run of #").click()
    expect(desk.get_by_text("Nothing of this has happened.")).to_be_visible()
    looked_at(desk)

    desk.get_by_label("What is known").fill("The processor's new address was not configured")
    desk.get_by_role("button", name="Keep").click()
    expect(desk.get_by_text("Noted.")).to_be_visible()
    group = desk.url

    desk.get_by_label("Why you retry").fill("the address is configured")
    desk.get_by_role("button", name="Retry the group").click()
    desk.wait_for_url("**/failed/change/")
    watch = desk.get_by_role("region", name="What is still open")
    expect(watch).to_contain_text("3 of 3 still open")
    looked_at(desk)
    with later(timedelta(seconds=1)):
        settle()
    expect(watch).to_contain_text("Empty: all 3 are done")
    expect(watch).to_contain_text("0 of 3 still open")

    desk.goto(group)
    expect(desk.get_by_role("heading", level=1)).to_contain_text("failed before")
    expect(desk.get_by_label("What is known")).to_have_value(
        "The processor's new address was not configured"
    )
    expect(desk.get_by_text("the address is configured")).to_be_visible()
    looked_at(desk)
    desk.get_by_role("link", name="All notes").click()
    desk.wait_for_url("**/failed/notes/")
    expect(desk.get_by_role("link", name="billing.authorise_payment")).to_be_visible()
    looked_at(desk)
