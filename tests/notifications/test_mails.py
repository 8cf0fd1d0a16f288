"""What each mail says, to whom, and who gets none."""

from typing import get_args
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core import mail as outbox
from django.template import engines

from notifications.models import Mail
from notifications.words import CANCELLED
from orders.events import OrderCancelled
from shop.bus.testing import again, given
from tests.notifications import facts

pytestmark = pytest.mark.django_db


class _NotThere(str):
    """Django puts this in place of a variable that is missing; here that is an error."""

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"template variable missing: {name}")

    def __contains__(self, part: object) -> bool:
        return part == "%s"


@pytest.fixture(autouse=True)
def strict_templates(monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", _NotThere("x"))


@pytest.mark.parametrize(
    ("fact", "kind", "subject", "promises"),
    [
        (facts.registered(), "welcome", "Welcome, Ada <b>", ["Hello Ada <b>", "is open"]),
        (
            facts.placed(),
            "order_placed",
            "We have your order S-1001",
            ["Mug <blue>", "Tea & honey", "€15.00", "€4.95", "€23.95", "Ada L.", "E1 1AA London"],
        ),
        (
            facts.challenged(),
            "payment_challenged",
            "Please confirm the payment of order S-1001",
            ["€1,234.50", f"http://127.0.0.1:8000/orders/{facts.ORDER['order_id']}/challenge/"],
        ),
        (
            facts.refused(),
            "payment_failed",
            "The payment of order S-1001 was refused",
            ["The card has not enough money.", "€1,234.50", "Nothing was taken"],
        ),
        (
            facts.billed(),
            "order_confirmed",
            "Order S-1001 is confirmed",
            ["I-77", "€23.95", f"http://127.0.0.1:8000/orders/{facts.ORDER['order_id']}/"],
        ),
        (
            facts.shipped(),
            "order_shipped",
            "Order S-1001 is on its way",
            ["Everything of your order", "Sandbox Carrier", "SB42", "Mug <blue>"],
        ),
        (
            facts.shipped(complete=False),
            "order_shipped",
            "A part of order S-1001 is on its way",
            ["A part of your order", "the rest follows", "SB42"],
        ),
        (facts.delivered(), "order_delivered", "Order S-1001 was delivered", ["S-1001", "SB42"]),
        (
            facts.cancelled(),
            "order_cancelled",
            "Order S-1001 was cancelled",
            ["we do not have everything you ordered", "€23.95"],
        ),
        (
            facts.cancellation_refused(),
            "cancellation_refused",
            "Order S-1001 had already left",
            ["it had already left us", "send it back"],
        ),
        (
            facts.refunded(),
            "payment_refunded",
            "Your refund for order S-1001",
            ["€7.50", "€11.50", "€23.95"],
        ),
        (
            facts.returned(),
            "return_received",
            "Your return for order S-1001 arrived",
            ["MUG", "€7.50"],
        ),
        (facts.stock_low(), "stock_low", "Low stock: 3 left of TEA", ["TEA", "3", "5"]),
        (
            facts.flagged(),
            "order_flagged",
            "Order S-1001 needs your decision (score 61)",
            ["61 of 100", "new card", "far away"],
        ),
    ],
)
def test_each_kind_says_what_it_promises(fact, kind, subject, promises):
    given(fact, to="notifications")
    mail = Mail.objects.get()
    assert (mail.kind, mail.subject, mail.state) == (kind, subject, "sent")
    assert mail.recipient == getattr(fact, "email", django_settings.STAFF_EMAIL)
    words = " ".join(mail.text.split())
    for promise in promises:
        assert promise in words
    _html_says(mail.html, promises)


def _html_says(html: str, promises: list[str]) -> None:
    """The same in HTML, escaped, complete in itself: nothing is loaded from elsewhere."""
    for promise in promises:
        escaped = promise.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert escaped in html
    for outside in ("<script", "<link", "<img", "url(", "@import", "src="):
        assert outside not in html
    assert "prefers-color-scheme: dark" in html


def test_reminder_says_what_is_in_the_cart():
    given(facts.cart(uuid4(), 1, units=3), to="notifications")
    facts.time_passes()
    mail = Mail.objects.get()
    assert mail.subject == "Your cart is waiting for you"
    assert "3 x Mug" in mail.text
    assert "€22.50" in mail.text
    _html_says(mail.html, ["Mug", "€22.50", "http://127.0.0.1:8000/cart/"])


@pytest.mark.parametrize("reason", get_args(OrderCancelled.model_fields["reason"].annotation))
def test_every_reason_to_cancel_has_words_and_none_tells_a_suspicion(reason):
    given(facts.cancelled(reason), to="notifications")
    mail = Mail.objects.get()
    assert CANCELLED[reason] in mail.text
    assert "fraud" not in mail.text + mail.html


def test_guest_without_an_address_gets_no_mail():
    given(facts.placed(email=""), to="notifications")
    assert not Mail.objects.exists()
    assert outbox.outbox == []


def test_delivered_part_is_not_announced():
    given(facts.delivered(complete=False), to="notifications")
    assert not Mail.objects.exists()


def test_duplicates_are_one_mail():
    fact = facts.billed()
    given(fact, to="notifications", times=3)
    again(fact, fact, to="notifications")
    assert len(outbox.outbox) == Mail.objects.count() == 1


def test_the_shop_signs_with_its_name(settings):
    settings.DEFAULT_FROM_EMAIL = "Corner Shop <hello@corner.example>"
    given(facts.registered(), to="notifications")
    [message], mail = outbox.outbox, Mail.objects.get()
    assert "your account at Corner Shop is open" in mail.text
    assert message.from_email == "Corner Shop <hello@corner.example>"
    assert mail.message_id.endswith("@corner.example>")


def test_subject_stays_one_line():
    odd = facts.stock_low().model_copy(update={"sku": "TEA\r\nBcc: all@example.com"})
    given(odd, to="notifications")
    assert Mail.objects.get().subject == "Low stock: 3 left of TEA Bcc: all@example.com"
