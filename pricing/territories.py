"""Parts of countries whose tax is another one, known by their postcodes: `territories.csv`.

`outside` belongs to no area of the country's tax: nothing is charged, unless staff keep a tax
zone of the country with this region. `own` has rates of its own, in such a zone. Each row names
its source. Where an address has no postcode yet, the region counts in any of its spellings.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("territories.csv")
#: A country before a postcode in figures, as in D-78266 or FI 22100.
_PREFIX = re.compile(r"^[A-Z]{1,3}(?=\d)")


@dataclass(frozen=True)
class Territory:
    """A part of a country; `zone` is the region of its tax zone."""

    country: str
    zone: str
    is_outside: bool
    postcodes: re.Pattern[str]
    names: frozenset[str]

    def has(self, postcode: str, name: str) -> bool:
        """Return whether it is there: by the postcode if there is one, else by the region."""
        if postcode:
            return bool(self.postcodes.fullmatch(postcode))
        return name in self.names


def territory_of(country: str, postcode: str, region: str = "") -> Territory | None:
    """Return the territory apart that an address is in, however its postcode is typed."""
    plain, name = _plain_postcode(country, postcode), _plain_name(region)
    return next((part for part in _by_country().get(country, ()) if part.has(plain, name)), None)


def _plain_postcode(country: str, text: str) -> str:
    letters = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).upper())
    return letters if country == "GB" else _PREFIX.sub("", letters)


def _plain_name(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", letters))


@cache
def _by_country() -> dict[str, list[Territory]]:
    found: dict[str, list[Territory]] = {}
    with FILE.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["country"], []).append(_read(row))
    return found


def _read(row: dict[str, str]) -> Territory:
    return Territory(
        row["country"],
        row["zone"],
        row["taxed"] == "outside",
        re.compile(row["postcodes"]),
        frozenset(row["names"].split("|")),
    )
