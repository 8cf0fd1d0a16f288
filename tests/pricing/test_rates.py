"""The rates a shop begins with."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from shop.pricing.models import TaxRate, TaxZone
from shop.pricing.rates import load_rates
from shop.pricing.taxes import taxation_of

pytestmark = pytest.mark.django_db


def test_rates_are_loaded_and_what_is_there_stays():
    load_rates()
    TaxRate.objects.filter(zone__country="AT", tax_class="standard").update(percent=21)
    assert load_rates() == 0
    assert taxation_of("AT").rate() == 21


@pytest.mark.parametrize(
    ("country", "included", "standard", "reduced"),
    [
        ("DE", True, "19", "7"),
        ("FI", True, "25.5", "13.5"),
        ("DK", True, "25", "25"),
        ("CA", False, "5", "5"),
        ("US", False, "0", "0"),
    ],
)
def test_prices_include_tax_or_not_as_is_the_custom(country, included, standard, reduced):
    load_rates()
    taxation = taxation_of(country)
    assert taxation.included == included
    assert taxation.rate() == Decimal(standard)
    assert taxation.rate("reduced") == Decimal(reduced)
    assert taxation.rate("zero") == 0


def test_command_says_how_many(capsys):
    call_command("load_tax_rates")
    assert capsys.readouterr().out == f"Tax rates: {TaxZone.objects.count()} countries added.\n"
