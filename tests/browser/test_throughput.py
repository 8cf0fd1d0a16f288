"""An operator looks closer at a time by dragging, and sets a budget with the keyboard alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from eventbus.operations.models import ServiceLevel, ThroughputMinute
from eventbus.operations.throughput import BUCKETS
from tests.system.browser.conftest import DESKTOP
from tests.system.browser.desk import Desk, problems

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def throughput(page: Page) -> Page:
    """The page, on which an hour of billing's work is to be seen."""
    now = timezone.now().replace(second=0, microsecond=0)
    for ago in range(60):
        histogram = [0] * (len(BUCKETS) + 1)
        histogram[6 if ago % 3 else 10] = 1570
        ThroughputMinute.objects.update_or_create(
            minute=now - timedelta(minutes=ago),
            app="billing",
            reaction="",
            event_type="",
            defaults={"done": 1570, "attempts": 1600, "latency_histogram": histogram},
        )
    page.set_viewport_size(DESKTOP)
    return Desk(page, "operator", to="/console/throughput/").page


def plot(page: Page):
    return page.get_by_role("region", name="billing").locator("[data-plot]").first


def drag(page: Page, begin: float, end: float) -> None:
    plot(page).scroll_into_view_if_needed()
    box = plot(page).bounding_box()
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * begin, height)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end, height, steps=5)


def test_a_time_is_chosen_by_dragging_and_escape_keeps_what_is_shown(throughput: Page):
    whole = throughput.url
    drag(throughput, 0.25, 0.5)
    expect(throughput.locator(".chosen").first).to_be_attached()
    throughput.keyboard.press("Escape")
    throughput.mouse.up()
    expect(throughput.locator(".chosen")).to_have_count(0)
    assert throughput.url == whole

    drag(throughput, 0.25, 0.5)
    throughput.mouse.up()
    throughput.wait_for_url("**/throughput/?since=*&until=*")
    expect(throughput.get_by_label("From")).to_be_attached()
    closer = throughput.url
    throughput.get_by_role("link", name="Wider").click()
    throughput.wait_for_url(lambda url: url != closer)
    throughput.get_by_role("link", name="1 hour").click()
    throughput.wait_for_url("**/throughput/?span=1h")


def test_all_rows_show_the_values_of_one_time_for_pointer_and_keyboard(throughput: Page):
    row = throughput.get_by_role("region", name="billing")
    time = throughput.get_by_role("slider", name="Values at")
    expect(time).to_have_attribute("aria-valuetext", "now, the last five minutes")
    time.focus()
    throughput.keyboard.press("End")
    expect(row).to_contain_text("1,570/min")
    expect(throughput.get_by_role("region", name="shipping")).to_contain_text("0/min")
    assert throughput.locator(".cross[visibility=visible]").count() > 10


def test_a_budget_is_set_with_the_keyboard_and_a_mistake_is_said_at_its_field(throughput: Page):
    throughput.get_by_role("link", name="the budget of billing").first.focus()
    throughput.keyboard.press("Enter")
    throughput.wait_for_url("**/throughput/budget/billing/")
    throughput.get_by_label("Done within").focus()
    for key in ("Control+a", "2", "Tab", "m", "Tab", "Control+a", "9", "5", "Tab"):
        throughput.keyboard.press(key)
    throughput.keyboard.type("Christmas")
    throughput.keyboard.press("Enter")
    expect(throughput.get_by_text("billing is to do 95 % within 2 min from now on")).to_be_visible()
    assert ServiceLevel.objects.get(app="billing").reason == "Christmas"
    throughput.get_by_label("Percent").fill("99.9")
    throughput.get_by_label("Done within").fill("61")
    throughput.get_by_label("Reason").fill("too long")
    throughput.keyboard.press("Enter")
    expect(throughput.get_by_role("alert")).to_contain_text("to an hour")
    ServiceLevel.objects.all().delete()


def test_everybody_can_use_its_pages_and_nothing_is_cut_off(throughput: Page):
    assert problems(throughput, "throughput") == []
    throughput.get_by_text("The same in figures").click()
    expect(throughput.get_by_role("cell", name="1,570/min").first).to_be_visible()
    assert problems(throughput, "throughput with figures") == []
    throughput.goto("/console/throughput/budget/billing/")
    assert problems(throughput, "budget") == []
