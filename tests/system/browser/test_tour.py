"""An operator breaks the shop from the tour, and reads what it says afterwards."""

import re

from playwright.sync_api import Locator, expect

from devtools.system import System
from devtools.waiting import wait_until
from tests.system.browser.desk import problems
from tests.system.browser.test_console import Operator, operator

__all__ = ["operator"]

#: Milliseconds in which a step of an experiment comes, and seconds for what it does to a program.
STEP_WITHIN, PROGRAM_WITHIN = 120_000, 60


def begin(operator: Operator, *, app: str, seconds: int, orders: int) -> Locator:
    """Stop an app from its card; returns the card."""
    operator.goes_to("Try to break it")
    operator.is_at("Try to break it")
    card = operator.page.get_by_role("region", name="Stop an app")
    card.get_by_label("App").select_option(app)
    card.get_by_label("Seconds").fill(str(seconds))
    card.get_by_label("Orders meanwhile").fill(str(orders))
    card.get_by_role("button", name="Stop it").click()
    expect(card).to_contain_text(f"{app} is stopped", timeout=STEP_WITHIN)
    return card


def test_a_stopped_app_is_seen_to_be_stopped_and_to_catch_up_with_nothing_lost_or_doubled(
    operator: Operator, system: System
):
    card = begin(operator, app="shipping", seconds=10, orders=3)
    assert "shipping" not in system.pids()
    expect(card).to_contain_text(re.compile(r"Orders placed\s*3 of 3"), timeout=STEP_WITHIN)
    expect(card).to_contain_text("What the proof says: lost 0, doubled 0.", timeout=STEP_WITHIN)
    expect(card).to_contain_text("3 orders placed meanwhile, 3 ended: 3 completed.")
    expect(card).to_contain_text(re.compile(r"Caught up \d+\.\d s after it was mended"))
    assert "shipping" in system.pids()
    assert problems(operator.page, "tour") == []


def test_what_a_killed_experimenter_broke_is_made_good_without_anybody(
    operator: Operator, system: System
):
    card = begin(operator, app="loyalty", seconds=60, orders=0)
    assert problems(operator.page, "tour-under-way") == []
    system.kill("tour")
    wait_until(lambda: "loyalty" in system.pids(), PROGRAM_WITHIN, "loyalty")
    expect(card).to_contain_text("was killed, and what it broke was made good", timeout=STEP_WITHIN)


def test_it_can_be_mended_sooner(operator: Operator, system: System):
    card = begin(operator, app="loyalty", seconds=60, orders=0)
    card.get_by_role("button", name="Mend it now").click()
    wait_until(lambda: "loyalty" in system.pids(), PROGRAM_WITHIN, "loyalty")
    expect(card).to_contain_text("What the proof says", timeout=STEP_WITHIN)
