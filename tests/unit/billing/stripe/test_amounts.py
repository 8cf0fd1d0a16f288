"""Stripe counts in the smallest units of each currency, with exceptions of its own."""

from decimal import Decimal

import pytest

from billing.stripe.amounts import minor_units


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("27.00", "EUR", 2700),
        ("0.05", "usd", 5),
        ("500.00", "JPY", 500),
        ("12000", "krw", 12000),
        ("5.12", "KWD", 5120),
        ("5.00", "ISK", 500),
        ("5.00", "UGX", 500),
    ],
)
def test_amount_in_smallest_units(amount, currency, units):
    assert minor_units(Decimal(amount), currency) == units


@pytest.mark.parametrize(("amount", "currency"), [("10.50", "JPY"), ("1.005", "EUR")])
def test_amount_that_the_currency_does_not_have_is_refused(amount, currency):
    with pytest.raises(ValueError, match="cannot be paid"):
        minor_units(Decimal(amount), currency)
