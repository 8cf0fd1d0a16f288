"""What each mail says, to whom, and who gets none."""

from decimal import Decimal
from typing import get_args
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core import mail as outbox
from django.template import engines
from django.utils.formats import date_format

from eventbus import Event
from eventbus.testing import given, redeliver
from notifications.models import Mail
from notifications.sending import OF_MONEY_ALONE
from notifications.texts import ACCOUNT, CANCELLED
from orders.events import OrderCancelled
from shop.events import AccountMailRequested
from tests.unit.notifications import facts

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
        (facts.registered(), "welcome", "Your account is open", ["Hello, your account", "is open"]),
        (
            facts.placed(),
            "order_placed",
            "We have your order S-1001",
            [
                "Mug <blue>",
                "Tea & honey",
                "€15.00",
                "€4.95",
                "€23.95",
                "Ada L.",
                "E1 1AA London",
                "United Kingdom",
            ],
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
            [
                "There is not enough money on the account.",
                "€1,234.50",
                "Nothing was taken",
                "Please pay with another card",
                f"http://127.0.0.1:8000/orders/{facts.ORDER['order_id']}/",
            ],
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
            facts.reduced(),
            "order_reduced",
            "A part of order S-1001 will not come",
            ["Mug <blue>", "goes back to your card"],
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
        (
            facts.return_requested(),
            "return_requested",
            "You want to return something of order S-1001",
            ["Mug <blue>", "write again"],
        ),
        (
            facts.return_approved(),
            "return_approved",
            "You can send back goods of order S-1001",
            ["Mug <blue>", "The carrier fetches the parcel"],
        ),
        (
            facts.return_refused(),
            "return_refused",
            "We cannot take back goods of order S-1001",
            ["It was used for months."],
        ),
        *(
            (facts.account_mail(kind), kind, ACCOUNT[kind], ["#in-the-mail-alone"])
            for kind in ACCOUNT
        ),
        (
            facts.disputed(),
            "dispute_opened",
            "The payment of order S-1001 is disputed",
            ["€1,234.50", "du_77", "product_not_received", "the bank keeps the amount"],
        ),
        (
            facts.dispute_closed(),
            "dispute_lost",
            "The dispute about order S-1001 is lost",
            ["€1,234.50", "du_77", "counts as given back"],
        ),
        (
            facts.refund_failed(),
            "refund_failed",
            "A refund of order S-1001 came back",
            ["€1,234.50", "S-1001", "the shopper is without it"],
        ),
        (facts.stock_low(), "stock_low", "Low stock: 3 left of TEA", ["TEA", "3", "5"]),
        (
            facts.alert(),
            "alert",
            "Alert: billing: 3 parked, which needs a person",
            ["parked", "May 4, 2026, 9:30 a.m.", "/console/alerts/"],
        ),
        (
            facts.alert_over(),
            "alert_over",
            "Over: billing: 3 parked, which needs a person",
            ["May 4, 2026, 9:45 a.m."],
        ),
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
    assert mail.recipient == _reader(fact, kind)
    for promise in promises:
        assert promise in _words(mail)
    _html_says(mail.html, promises)


def _reader(fact: Event, kind: str) -> str:
    """Staff where it is theirs to mend, or tells of nobody."""
    staff = django_settings.STAFF_EMAIL
    return staff if kind in OF_MONEY_ALONE else getattr(fact, "email", staff)


def _words(mail: Mail) -> str:
    """The text, however its lines are broken."""
    return " ".join(mail.text.split())


def _html_says(html: str, promises: list[str]) -> None:
    """The same in HTML, escaped, complete in itself: nothing is loaded from elsewhere."""
    for promise in promises:
        escaped = promise.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert escaped in html
    for outside in ("<script", "<link", "<img", "url(", "@import", "src="):
        assert outside not in html
    assert "prefers-color-scheme: dark" in html


def test_a_dispute_that_is_won_is_not_mailed():
    given(facts.dispute_closed(won=True), to="notifications")
    assert not Mail.objects.exists()


def test_only_a_bank_that_keeps_the_amount_is_said_to():
    given(facts.disputed(withheld=False), to="notifications")
    assert "keeps the amount" not in Mail.objects.get().text


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
    assert str(CANCELLED[reason]) in _words(mail)
    assert "fraud" not in mail.text + mail.html


def test_refusal_says_until_when_another_card_will_do():
    fact = facts.refused()
    given(fact, to="notifications")
    until = date_format(fact.pay_until, "DATETIME_FORMAT")
    assert f"until {until} UTC" in _words(Mail.objects.get())


def test_refusal_asks_for_no_other_card_once_none_is_taken():
    given(facts.refused(within=None), to="notifications")
    mail = Mail.objects.get()
    for text in mail.text, mail.html:
        assert "Another card can no longer be given" in text
        assert "Pay with another card" not in text


def test_processor_s_own_words_serve_where_the_shop_has_none():
    fact = facts.refused().model_copy(update={"code": "odd_code", "reason": "Not enough money."})
    given(fact, to="notifications")
    assert "Not enough money." in _words(Mail.objects.get())


def test_every_kind_of_account_mail_has_words():
    assert set(ACCOUNT) == set(get_args(AccountMailRequested.model_fields["kind"].annotation))


def test_acknowledgement_shows_how_the_total_came_about():
    prices = {"discount": Decimal("3.00"), "tax": Decimal("2.10"), "tax_included": False}
    points = {"points": 100, "points_value": Decimal("1.00")}
    given(facts.placed().model_copy(update={**prices, **points}), to="notifications")
    mail = Mail.objects.get()
    for line in ("Discount: − €3.00", "Tax: €2.10", "Paid with points: − €1.00"):
        assert line in mail.text
    _html_says(mail.html, ["− €3.00", "€2.10", "− €1.00"])


def test_guest_without_an_address_gets_no_mail():
    """An event of the past that was redacted has no address either."""
    given(facts.placed(email=""), to="notifications")
    assert not Mail.objects.exists()
    assert outbox.outbox == []


def test_delivered_part_is_not_announced():
    given(facts.delivered(complete=False), to="notifications")
    assert not Mail.objects.exists()


def test_duplicates_are_one_mail():
    fact = facts.billed()
    given(fact, to="notifications", times=3)
    redeliver(fact, fact, to="notifications")
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
