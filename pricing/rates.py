"""The rates of tax a shop can begin with, from `rates.csv`, as of November 2026.

Each row names its source: the law, or eu-vat-rates-data (PyPI, MIT; for the European Union that is
the Commission's database "Taxes in Europe", https://ec.europa.eu/taxation_customs/tedb/). Staff
check them and keep them up to date. Where a country has several reduced rates, it is the one that
covers most goods. Canada: the federal GST alone, without the provinces' own taxes; United States:
nothing, for the states' sales taxes depend on where a shop is registered.
A zone with a region adds what a shop must collect there; `territories` says which of them are
known by their postcodes.
"""

import csv
from pathlib import Path

from pricing.models import TaxClass, TaxRate, TaxZone

FILE = Path(__file__).with_name("rates.csv")


def load_rates() -> int:
    """Add the zones that are not there yet, with their rates; returns how many these were."""
    known = set(TaxZone.objects.values_list("country", "region"))
    with FILE.open(newline="", encoding="utf-8") as file:
        added = [row for row in csv.DictReader(file) if _zone(row) not in known]
    for row in added:
        _add(row)
    return len(added)


def _zone(row: dict[str, str]) -> tuple[str, str]:
    return row["country"], row["region"]


def _add(row: dict[str, str]) -> None:
    country, region = _zone(row)
    zone = TaxZone.objects.create(country=country, region=region, included=row["included"] == "yes")
    for tax_class in TaxClass:
        # Where there is no reduced rate, all goods are taxed at the standard one.
        percent = row[tax_class] or row[TaxClass.STANDARD]
        TaxRate.objects.create(zone=zone, tax_class=tax_class, percent=percent)
