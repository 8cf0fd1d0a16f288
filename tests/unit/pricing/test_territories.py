"""Parts of countries with another tax: known by their postcodes, however those are typed."""

import csv

import pytest

from pricing import territories
from pricing.models import TaxZone
from pricing.rates import load_rates
from pricing.taxes import taxation_of
from pricing.territories import territory_of
from tests.unit.pricing.facts import zone

pytestmark = pytest.mark.django_db

#: A postcode in each territory, and one of the same country that is just not in it.
KNOWN = {
    ("FI", "Aland"): ("22100", "21100"),
    ("DE", "Busingen"): ("78266", "78267"),
    ("DE", "Heligoland"): ("27498", "27499"),
    ("IT", "Livigno"): ("23041", "23030"),
    ("IT", "Campione"): ("22061", "22060"),
    ("FR", "Guadeloupe"): ("97100", "97000"),
    ("FR", "Martinique"): ("97200", "97000"),
    ("FR", "Guiana"): ("97300", "97000"),
    ("FR", "Reunion"): ("97400", "97000"),
    ("FR", "Saint-Pierre"): ("97500", "97000"),
    ("FR", "Mayotte"): ("97600", "97000"),
    ("FR", "Saint-Martin"): ("97700", "97000"),
    ("FR", "Pacific"): ("98800", "98000"),
    ("ES", "Canaries"): ("35001", "34001"),
    ("ES", "Ceuta"): ("51001", "50001"),
    ("ES", "Melilla"): ("52001", "50001"),
    ("GR", "Mount Athos"): ("63086", "63085"),
    ("PT", "Azores"): ("9500-321", "8950-321"),
    ("PT", "Madeira"): ("9000-017", "8900-017"),
    ("AT", "Jungholz and Mittelberg"): ("6991", "6990"),
    ("GB", "Northern Ireland"): ("BT1 5GS", "B1 1AA"),
    ("GB", "Channel Islands"): ("JE2 3AB", "G1 1AA"),
    ("NO", "Svalbard"): ("9170", "9180"),
    ("DK", "Greenland"): ("3900", "4000"),
    ("DK", "Faroe Islands"): ("FO-100", "1000"),
    ("DE", "Jungholz and Mittelberg"): ("87568", "87561"),
    ("FR", "Corsica"): ("20000", "19000"),
    ("IT", "San Marino"): ("47890", "47900"),
    ("IT", "Vatican"): ("00120", "00121"),
    ("CH", "Samnaun"): ("7563", "7560"),
    ("GB", "Overseas territories"): ("GX11 1AA", "G1 1AA"),
    ("AU", "External territories"): ("6798", "6797"),
}


def rows():
    with territories.FILE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['country']} {row['zone']}")
def test_territory_is_taxed_in_its_own_way_and_its_neighbours_are_not(row):
    load_rates()
    country = row["country"]
    inside, beside = KNOWN[country, row["zone"]]
    usual = taxation_of(country)
    assert taxation_of(country, postcode=beside) == usual
    there = taxation_of(country, postcode=inside)
    assert there.included == usual.included
    if row["taxed"] == "outside":
        assert there.rate() == 0
    else:
        kept = TaxZone.objects.get(country=country, region=row["zone"])
        assert there.rate() == kept.rates.get(tax_class="standard").plain


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['country']} {row['zone']}")
def test_territory_is_known_by_its_names_while_there_is_no_postcode(row):
    for name in row["names"].split("|"):
        assert territory_of(row["country"], "", name.upper()).zone == row["zone"]


@pytest.mark.parametrize(
    ("country", "typed", "zone"),
    [
        ("DE", "D-78266", "Busingen"),
        ("DE", " 78 266 ", "Busingen"),
        ("DE", "\uff17\uff18\uff12\uff16\uff16", "Busingen"),
        ("FI", "FI-22100", "Aland"),
        ("FI", "AX22100", "Aland"),
        ("FR", "971 10", "Guadeloupe"),
        ("GR", "630 87", "Mount Athos"),
        ("PT", "9000", "Madeira"),
        ("GB", "bt15gs", "Northern Ireland"),
    ],
)
def test_postcode_counts_however_it_is_typed(country, typed, zone):
    assert territory_of(country, typed).zone == zone


@pytest.mark.parametrize("region", ["Islas Canarias", "CANARIAS", "Las Palmas", "Kanaren", "TF"])
def test_canaries_are_known_by_any_of_their_names(region):
    load_rates()
    assert taxation_of("ES", region).rate() == 0


def test_postcode_goes_before_the_region():
    assert territory_of("ES", "28001", "Canarias") is None


def test_zone_that_staff_keep_for_a_territory_counts():
    zone("ES", standard="21")
    zone("ES", region="Canaries", standard="7")
    assert taxation_of("ES", postcode="35001").rate() == 7
