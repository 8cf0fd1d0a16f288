"""The rates a shop begins with."""

import csv
from decimal import Decimal

import pytest
from django.core.management import call_command

from catalogue.models import TaxClass as CatalogueTaxClass
from pricing import rates, territories
from pricing.models import TaxClass, TaxRate, TaxZone
from pricing.rates import load_rates
from pricing.taxes import taxation_of

pytestmark = pytest.mark.django_db


def test_goods_are_sold_in_every_class_that_has_rates_and_in_one_that_has_none():
    assert set(CatalogueTaxClass.values) == {*TaxClass.values, CatalogueTaxClass.ZERO}


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


def rows():
    for file in (rates.FILE, territories.FILE):
        with file.open(newline="", encoding="utf-8") as lines:
            yield from csv.DictReader(lines)


def test_each_row_says_where_it_is_from():
    for row in rows():
        assert row["source"].strip(), row
        assert None not in row, f"a comma outside of quotes: {row}"


@pytest.mark.parametrize(
    ("country", "postcode", "standard", "reduced"),
    [
        ("PT", "1000-001", "23", "6"),
        ("PT", "9500-321", "16", "4"),
        ("PT", "9000-017", "22", "4"),
        ("AT", "6900", "20", "10"),
        ("AT", "6691", "19", "10"),
        ("AT", "6992", "19", "10"),
        ("DE", "87491", "19", "10"),
        ("DE", "D-87569", "19", "10"),
        ("GB", "BT1 5GS", "20", "5"),
        ("FR", "20137", "20", "2.1"),
        ("MC", "98000", "20", "5.5"),
        ("IM", "IM1 1AA", "20", "5"),
    ],
)
def test_a_part_of_a_country_has_its_own_rates(country, postcode, standard, reduced):
    load_rates()
    taxation = taxation_of(country, postcode=postcode)
    found = (taxation.rate(), taxation.rate("reduced"), taxation.included)
    assert found == (Decimal(standard), Decimal(reduced), True)
