"""The shop counts in hundredths: a currency that has none is refused at start."""

from decimal import Decimal

import pytest
from djmoney.money import Money

from notifications.templatetags.mails import money
from tests.settings_read import refusal, settings_with


def test_currency_with_hundredths_is_taken():
    assert settings_with(CURRENCY="CHF")["DEFAULT_CURRENCY"] == "CHF"


@pytest.mark.parametrize("currency", ["EUR", "RSD", "ALL", "LBP", "MMK"])
def test_amount_is_shown_as_it_is_charged_in_pages_and_mails(currency):
    shown = [str(Money("20.90", currency)), money(Decimal("20.90"), currency)]
    assert all("20.90" in text for text in shown)


@pytest.mark.parametrize(
    ("currency", "why"),
    [
        ("MGA", "cannot be split into hundredths"),
        ("JPY", "cannot be split into hundredths"),
        ("KWD", "cannot be split into hundredths"),
        ("euro", "no currency's code"),
        ("", "no currency's code"),
    ],
)
def test_other_currency_is_refused_in_one_line(currency, why):
    (line,) = refusal(CURRENCY=currency).splitlines()
    assert line.startswith(f"CURRENCY={currency!r}")
    assert why in line
