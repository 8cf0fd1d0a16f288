"""Somebody of the staff at a desk: logs in as a person does, and waits for what comes."""

from playwright.sync_api import Locator, Page, expect

from tests.system.browser.conftest import DESKTOP, PHONE, violations
from tests.system.browser.pictures import picture
from tests.system.browser.shopper import TIMEOUT_MS

#: In which every page is looked at.
LOOKS = {"light": DESKTOP, "dark": PHONE}


class Desk:
    """A browser in which somebody of this role is logged in, by the admin's page."""

    def __init__(self, page: Page, role: str, to: str = "/admin/") -> None:
        self.page = page
        page.goto(f"/admin/login/?next={to}")
        page.get_by_label("Username").fill(role)
        page.get_by_label("Password").fill(role)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"**{to}")

    def sees(self, what: Locator) -> None:
        """Load the page anew until it is there: nothing on it moves by itself."""
        for _ in range(TIMEOUT_MS // 500):
            if what.count():
                return
            self.page.wait_for_timeout(500)
            self.page.reload()
        expect(what.first).to_be_visible()


def problems(page: Page, name: str) -> list[tuple]:
    """Return what is wrong with a page, wide and light, narrow and dark."""
    return [problem for look in LOOKS for problem in _problems(page, name, look)]


def _problems(page: Page, name: str, look: str) -> list[tuple]:
    page.emulate_media(color_scheme="light" if look == "light" else "dark")
    # The admin's theme asks for it when a page is loaded.
    page.evaluate("is => document.documentElement.classList.toggle('dark', is)", look == "dark")
    page.set_viewport_size(LOOKS[look])
    picture(page, f"{name}-{look}")
    found = [
        (name, look, rule["id"], [node["target"] for node in rule["nodes"]])
        for rule in violations(page)
    ]
    if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        found.append((name, look, "wider than the screen"))
    return found
