"""A shopper at a browser: what people do in a shop, in its words."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

APPROVED = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0002"
CHALLENGED = "4000 0000 0000 3220"

#: The shop's workers share two processors with everything else that is tested: an answer may take
#: its time. Reached only when something is wrong.
TIMEOUT_MS = 60_000

ORDER_PAGE = re.compile(r"/orders/[0-9a-f-]{36}/$")


class Shopper:
    """Goes through the shop by what is to be seen. Every step waits for its outcome."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def puts_into_cart(self, product: str = "Speckled Stoneware Mug", units: int = 1) -> str:
        """Search, open, choose how many; returns the product's path."""
        page = self.page
        page.goto("/")
        search = page.get_by_role("searchbox", name="Search the shop")
        search.fill(product)
        search.press("Enter")
        page.get_by_role("link", name=product).first.click()
        expect(page.get_by_role("heading", level=1, name=product)).to_be_visible()
        return self.takes_what_is_shown(units)

    def takes_what_is_shown(self, units: int = 1) -> str:
        """On a product's page choose how many, and put them into the cart; returns its path."""
        page = self.page
        path = urlsplit(page.url).path
        page.get_by_label("Quantity").fill(str(units))
        page.get_by_role("button", name="Put into the cart").click()
        expect(page.get_by_role("heading", level=1, name="Your cart")).to_be_visible()
        return path

    def goes_to_checkout(self, *, email: str = "ada@shop.example") -> None:
        """From anywhere, with the sample address filled in."""
        self.page.goto("/checkout/?sample")
        if self.page.get_by_label("E-mail", exact=True).input_value() != email:
            self.page.get_by_label("E-mail", exact=True).fill(email)

    def chooses_card(self, number: str) -> None:
        card = self.page.get_by_role("radio", name=re.compile(re.escape(number)))
        more = self.page.get_by_text("More test cards")
        expect(card.or_(more).first).to_be_visible()
        if not card.is_visible():
            more.click()
        card.check()

    def places(self) -> str:
        """Order and pay; returns the order page's path."""
        self.place_button.click()
        self.page.wait_for_url(ORDER_PAGE)
        return urlsplit(self.page.url).path

    def orders(self, card: str = APPROVED, *, email: str = "ada@shop.example") -> str:
        """Order what is in the cart; returns the order page's path."""
        self.goes_to_checkout(email=email)
        self.chooses_card(card)
        return self.places()

    def logs_in(self, email: str = "customer@shop.example", password: str = "customer") -> None:
        self.page.goto("/login/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("link", name="Account", exact=True)).to_be_visible()

    def gives_password(self, password: str = "customer") -> None:
        """Show that one is who is logged in, as some pages ask one to."""
        # Once all of it is there: what is typed while the page's script moves the field is lost.
        self.page.wait_for_url("**/password-check/**")
        field = self.page.locator("input[name=password]")
        field.fill(password)
        field.press("Enter")

    @property
    def place_button(self) -> Locator:
        return self.page.locator("#place")

    def step(self, title: str) -> Locator:
        """A step of the order's story."""
        return self.page.locator(".step", has=self.page.get_by_role("heading", name=title))

    def sees_step(self, title: str, look: str = "done") -> None:
        """Wait until a step of the story is `done`, or has another look."""
        expect(self.step(title)).to_have_attribute("data-state", look, timeout=TIMEOUT_MS)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=TIMEOUT_MS)
