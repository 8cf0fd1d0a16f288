"""Every page a shopper can come to, by the name of its address, and the way there."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern
from playwright.sync_api import Page, expect

from devtools.waiting import wait_until
from notifications.unsubscribing import token_of
from tests.system.browser.shopper import CHALLENGED, DECLINED, TIMEOUT_MS, Shopper

#: Addresses without a page of their own.
NO_PAGE = {
    # Where forms and buttons send to; each answers by another page.
    "storefront:back-in-stock",
    "storefront:cart-change",
    "storefront:cart-remove",
    "storefront:cart-undo",
    "storefront:order-cancel",
    "storefront:address-delete",
    "storefront:token-revoke",
    "storefront:webhook-enable",
    "storefront:webhook-disable",
    "storefront:webhook-secret",
    "storefront:webhook-send",
    "storefront:webhook-test",
    # Shown in a frame of its mail's page, in which no script runs, not even axe.
    "mail_html",
    # What is no HTML.
    "storefront:order-events",
    "storefront:data-export",
    # Leads every account that has a password, as all have here, to the page that changes it.
    "account_set_password",
}

#: Paths of pages, by the name of their address, and what is special when there are several.
Paths = dict[str, str]

PUBLIC: Paths = {
    "storefront:home": "/",
    "storefront:category": "/categories/kitchen-table/",
    "storefront:products": "/products/",
    "storefront:products found": "/products/?q=candel",
    "storefront:products nothing-found": "/products/?q=zzzzzz",
    "storefront:product": "/products/speckled-stoneware-mug/",
    "storefront:variant": "/products/speckled-stoneware-mug/HS-MUG-MID/",
    "storefront:cart empty": "/cart/",
    "storefront:login": "/login/",
    "storefront:signup": "/signup/",
    "storefront:order not-found": "/orders/0196f5d0-0000-7000-8000-000000000000/",
    "account_inactive": "/account/closed/",
    "account_email_verification_sent": "/account/confirm/",
    "account_confirm_email not-found": "/account/confirm/no-such-key/",
    "account_reset_password": "/password-reset/",
    "account_reset_password_done": "/password-reset/sent/",
    "account_reset_password_from_key not-found": "/password-reset/1-no-such-key/",
    "account_reset_password_from_key_done": "/password-reset/done/",
    "mail_list": "/mails/",
    "unsubscribe not-found": "/mails/unsubscribe/no-such-token/",
    "api:page": "/api/",
}

CUSTOMERS: Paths = {
    "storefront:account": "/account/",
    "storefront:account-orders": "/account/orders/",
    "storefront:points": "/account/points/",
    "storefront:addresses": "/account/addresses/",
    "storefront:address-add": "/account/addresses/add/",
    "storefront:profile": "/account/profile/",
    "storefront:tokens": "/account/tokens/",
    "storefront:webhooks": "/account/webhooks/",
    "storefront:webhook-add": "/account/webhooks/add/",
    "storefront:privacy": "/account/data/",
    "storefront:account-delete": "/account/delete/",
    "storefront:logout": "/logout/",
    "account_email": "/account/emails/",
    "account_change_password": "/account/password/",
    "account_reauthenticate": "/account/password-check/",
}

SOMEWHERE = {
    "Full name": "Ada Lovelace",
    "Street and number": "Beispielstr. 1",
    "Postcode": "10115",
    "Town or city": "Berlin",
}


def of_a_guest(page: Page) -> Paths:
    """Let a guest buy in several ways; returns the pages that there are now."""
    shopper = Shopper(page)
    shopper.puts_into_cart(units=2)
    delivered = shopper.orders()
    challenged = _orders_by(shopper, CHALLENGED, "Go to your bank")
    declined = _orders_by(shopper, DECLINED, "Pay with another card")
    page.goto(delivered)
    shopper.sees_step("Delivered")
    shopper.puts_into_cart()
    return PUBLIC | {
        "storefront:cart": "/cart/",
        "storefront:checkout": "/checkout/?sample",
        "storefront:order": delivered,
        "storefront:order declined": declined,
        "storefront:order challenged": challenged,
        "storefront:order-return": f"{delivered}return/",
        "storefront:order-challenge": f"{challenged}challenge/",
        "storefront:order-pay": f"{declined}pay/",
        "storefront:order-invoice none-yet": f"{declined}invoice.pdf",
        **_mails(page),
    }


def of_a_customer(page: Page) -> Paths:
    """Let a customer save an address and a webhook; returns the pages that there are now."""
    Shopper(page).logs_in()
    page.goto("/account/addresses/add/?country=DE")
    for label, text in SOMEWHERE.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("main").get_by_role("button", name="Save").click()
    address = page.get_by_role("main").get_by_role("link", name="Change")
    return CUSTOMERS | {
        "storefront:address": str(address.first.get_attribute("href")),
        **_webhook(page),
    }


def named() -> set[str]:
    """The names of all addresses in shoppers' languages; of two for the same page, the first."""
    routes: dict[str, str] = {}
    for part in get_resolver().url_patterns:
        if isinstance(part.pattern, LocalePrefixPattern):
            for route, name in _walk(part):
                routes.setdefault(route, name)
    return set(routes.values())


def _orders_by(shopper: Shopper, card: str, asked: str) -> str:
    """An order that waits for its shopper, by a card that makes it wait; its path."""
    shopper.puts_into_cart()
    path = shopper.orders(card)
    expect(shopper.page.get_by_role("link", name=asked)).to_be_visible(timeout=TIMEOUT_MS)
    return path


def _webhook(page: Page) -> Paths:
    """Add a webhook; the pages about it, without its secret, which was shown then."""
    page.goto("/account/webhooks/add/")
    page.get_by_label("Address (URL)").fill("https://receiver.example/hooks/shop")
    page.get_by_label("An order was placed").check()
    page.get_by_role("button", name="Add the webhook").click()
    Shopper(page).gives_password()
    expect(page.get_by_label("The secret of this webhook")).to_be_visible()
    path = urlsplit(page.url).path
    return {
        "storefront:webhook": path,
        "storefront:webhook-change": f"{path}change/",
        "storefront:webhook-delete": f"{path}delete/",
    }


def _mails(page: Page) -> Paths:
    """The pages of a mail, and those that links in mails lead to."""
    mail = _mail_about(page, "ada@shop.example")
    page.goto("/signup/")
    page.get_by_label("Name").fill("Grace Hopper")
    page.get_by_label("E-mail").fill("grace@shop.example")
    page.get_by_label("Password", exact=True).fill("correct-horse-battery")
    page.get_by_role("button", name="Open the account").click()
    page.goto("/password-reset/")
    page.get_by_label("E-mail").fill("customer@shop.example")
    page.get_by_role("main").get_by_role("button").click()
    return {
        "mail": mail,
        "unsubscribe": reverse("unsubscribe", args=[token_of(UUID(mail.split("/")[2]))]),
        "account_confirm_email": _link_in_mail(page, "confirm your e-mail"),
        "account_reset_password_from_key": _link_in_mail(page, "new password"),
    }


def _mail_about(page: Page, sought: str) -> str:
    """The path of the newest mail with that in its subject or reader, when there is one."""
    newest = page.get_by_role("main").locator("a[href^='/mails/']")

    def has_come() -> int:
        page.goto(f"/mails/?q={sought}")
        return newest.count()

    wait_until(has_come, TIMEOUT_MS / 1000, f"a mail about {sought}")
    return str(newest.first.get_attribute("href"))


def _link_in_mail(page: Page, sought: str) -> str:
    """The path of the link into somebody's account that they were sent.

    A mail is listed from when it is written down; its link stands only in what was sent.
    """
    mail = _mail_about(page, sought)

    def link() -> re.Match[str] | None:
        page.goto(mail)
        text = page.locator(".mail-text").text_content() or ""
        return re.search(r"http\S+(confirm|password-reset)\S+", text)

    found = wait_until(link, TIMEOUT_MS / 1000, f"the link in the mail about {sought}")
    return urlsplit(found[0]).path


def _walk(part: URLPattern | URLResolver, space: str = "", before: str = "") -> Iterator[tuple]:
    """Route and full name of each address."""
    route = f"{before}{part.pattern}"
    if isinstance(part, URLPattern):
        yield route, f"{space}{part.name}"
        return
    inner = f"{space}{part.namespace}:" if part.namespace else space
    for each in part.url_patterns:
        yield from _walk(each, inner, route)
