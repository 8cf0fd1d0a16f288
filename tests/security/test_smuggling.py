"""Names that are markup, commands or another script, wherever a shopper's words come out again."""

import pytest
from django.contrib import admin
from django.core import mail
from django.urls import reverse

from billing.services import invoice_pdf
from eventbus.testing import settle
from inventory.services import receive_stock
from orders.models import Order
from shop import logs
from shop.ratelimit.rates import Rate
from shop.storefront.live.stream import _event
from shop.storefront.progress import Fragment, load
from tests.unit.storefront.conftest import filled_in, listed, put
from tests.unit.storefront.facts import page_of
from tests.walking import read_once

pytestmark = pytest.mark.django_db

MARKUP = "</script><img src=x onerror=alert(1)>{{7*7}}%(x)s"
SCRIPTS = ["🦜 Ada", "שלום עולם", "\u202egnp.exe", "Ada\u0301 " * 20, "李 小龍", "%s%n{}"]


@pytest.fixture
def ordered(client):
    """Orders a mug under a name; nothing has reacted yet."""
    variant = listed("MUG")
    variant.product.title = MARKUP
    variant.product.save()
    receive_stock({"MUG": 10}, reason="for the test")

    def order(name: str) -> Order:
        put(client, "MUG")
        assert client.post("/checkout/", filled_in(client, name=name)).status_code == 302
        return Order.objects.latest("placed_at")

    return order


@pytest.fixture
def bought(ordered):
    """Buys a mug under a name; all apps are there."""

    def buy(name: str) -> Order:
        order = ordered(name)
        settle()
        return Order.objects.get(pk=order.pk)

    return buy


def test_markup_is_shown_as_text_on_every_page_and_in_every_mail(bought, client):
    order = bought(MARKUP)
    put(client, "MUG")
    shown = [client.get(path).content.decode() for path in ("/", "/products/mug/", "/cart/")]
    shown += [client.get(page_of(order.pk)).content.decode()]
    shown += [message.alternatives[0].content for message in mail.outbox]
    assert len(shown) > 4
    assert not any("<img src=x" in page for page in shown)


@read_once()
def test_markup_is_shown_as_text_on_every_page_of_the_admin(bought, admin_client):
    order = bought(MARKUP)
    addresses = [reverse("admin:order", args=[order.pk]), f"{reverse('admin:stock')}?sku=MUG"]
    for model, page in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        if row or page.list_filter:  # Else its list has nothing to show.
            addresses.append(reverse(f"{name}_changelist"))
        if row:
            addresses += [
                reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "history")
            ]
    shown = [admin_client.get(address).content.decode() for address in addresses]
    assert any("&lt;img src=x" in page for page in shown)
    assert not any("<img src=x" in page for page in shown)


def test_subjects_of_mails_have_one_line(bought):
    bought("Ada\r\nBcc: eve@example.com")
    assert mail.outbox
    assert all(len(message.subject.splitlines()) == 1 for message in mail.outbox)
    assert {tuple(message.to) for message in mail.outbox} == {("ada@example.com",)}


def test_an_invoice_is_printed_whatever_the_script(ordered, settings):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, Rate(1000, 60))
    orders = {name: ordered(name[:100]) for name in (MARKUP, *SCRIPTS)}
    settle()
    for name, order in orders.items():
        assert invoice_pdf(order.pk)[1].startswith(b"%PDF"), name


def test_news_of_an_order_is_one_event_whatever_stands_in_it(bought):
    html = Fragment.of(load(bought(MARKUP).pk)).html
    for end in ("\n\n", "\r\r", "\u2028", "\x85"):
        frame = _event(Fragment(f"{html}{end}event: end", "1", False, None))
        assert frame.count("\n\n") == 1
        lines = frame.splitlines()
        assert all(line.startswith(("data: ", "id: ", "event: story")) for line in lines if line)


def test_what_is_logged_stands_in_one_line_and_moves_no_cursor():
    line = {"event": "seen \x1b[2J", "name": "a\nb \x1b[2J", "plain": "\x1b[2J\r"}
    for step in logs.logging_config("text", "INFO")["formatters"]["structured"]["processors"][1:]:
        line = step(None, "info", line)
    assert line.isprintable()
