"""What a cell may hold, kind by kind.

Each reader takes the stripped text of a cell and returns its value, or raises
`ValueError` whose message completes the sentence "this cell ...".
"""

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Model
from djmoney.money import Money

from catalogue.markup import clean
from catalogue.models import LARGEST_PRICE, Product
from catalogue.naming import unfit_for_address, unfit_for_code, unfit_for_picture, visible

LARGEST_WHOLE_NUMBER = 2_147_483_647
LONGEST_NUMBER = 28
#: What spreadsheets of other languages make of TRUE and FALSE.
YES_OR_NO = {
    **dict.fromkeys(["vrai", "wahr", "verdadero", "vero", "verdadeiro", "waar", "prawda"], True),
    **dict.fromkeys(["faux", "falsch", "falso", "onwaar", "fałsz"], False),
}
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def text_for(model: type[Model], field: str) -> Callable[[str], str]:
    """Return a reader of text that fits into this field of the model."""
    return text_up_to(cast(CharField, model._meta.get_field(field)).max_length or 0)


def text_in_list_for(model: type[Model], field: str) -> Callable[[str], str]:
    """Return a reader of text that fits as one of those in this array field of the model."""
    array = cast(ArrayField, model._meta.get_field(field))
    return text_up_to(array.base_field.max_length or 0)


def text_up_to(longest: int) -> Callable[[str], str]:
    """Return a reader of text of so many characters at most."""

    def text(cell: str) -> str:
        if len(cell) > longest:
            raise ValueError(f"is longer than {longest} characters")
        return cell

    return text


def long_text(cell: str) -> str:
    """Return text of any length."""
    return cell


def needed(read: Callable[[str], str]) -> Callable[[str], str]:
    """Return the same reader for a cell that must not be blank."""

    def read_needed(cell: str) -> str:
        if not cell:
            raise ValueError("is blank")
        return read(cell)

    return read_needed


def both(first: Callable[[str], str], second: Callable[[str], str]) -> Callable[[str], str]:
    """Return a reader that hands to `second` what `first` read."""
    return lambda cell: second(first(cell))


def part_of_address(cell: str) -> str:
    """Return a text that may stand between two slashes of a web address as it is."""
    if wrong := unfit_for_address(cell):
        raise ValueError(f"holds {wrong!r}, which cannot stand in an address")
    return cell


def html(cell: str) -> str:
    """Return a description without anything that could run or restyle the page."""
    return clean(cell)


def tags(cell: str) -> list[str]:
    """Return tags, separated by commas, each once."""
    read_tag = text_in_list_for(Product, "tags")
    return list(dict.fromkeys(read_tag(tag) for part in cell.split(",") if (tag := part.strip())))


def yes_or_no(cell: str) -> bool:
    """Read TRUE or FALSE; blank is FALSE."""
    return _one_of(cell, {"true": True, "false": False, "": False}, YES_OR_NO)


def published(cell: str) -> bool:
    """Read TRUE or FALSE; blank is TRUE."""
    return _one_of(cell, {"true": True, "false": False, "": True}, YES_OR_NO)


def status(cell: str) -> bool:
    """Return whether shoppers may see a product of this status."""
    unseen = dict.fromkeys(["draft", "archived", "unlisted"], False)
    return _one_of(cell, {"active": True, "": True, **unseen})


def sells_when_out_of_stock(cell: str) -> bool:
    """Read CONTINUE or DENY, or as newer files say it TRUE or FALSE; blank is DENY."""
    newer = {"true": True, "false": False, **YES_OR_NO}
    return _one_of(cell, {"continue": True, "deny": False, "": False}, newer)


def price(cell: str) -> Money:
    """Return an amount in the shop's currency, exact to the hundredth."""
    if not cell:
        raise ValueError("is blank")
    amount = _number(cell)
    if not 0 <= amount <= LARGEST_PRICE:
        raise ValueError(f"is not between 0 and {LARGEST_PRICE}: {cell}")
    exact = amount.quantize(Decimal("0.01"))
    if exact != amount:
        raise ValueError(f"has more than 2 decimals: {cell}")
    return Money(exact, settings.DEFAULT_CURRENCY)


def former_price(cell: str) -> Money | None:
    """Return a price, or None where the cell is blank or 0."""
    if not cell:
        return None
    amount = price(cell)
    return amount if amount.amount else None


def grams(cell: str) -> int:
    """Return a weight, to the nearest gram; exports carry ounces as fractions of a gram."""
    weight = _number(cell or "0").quantize(Decimal(1), ROUND_HALF_UP)
    return whole_number(str(weight))


def whole_number(cell: str) -> int:
    """Return a count from 0; blank is 0."""
    number = integer(cell)
    if number < 0:
        raise ValueError(f"is negative: {cell}")
    return number


def integer(cell: str) -> int:
    """Return a whole number, perhaps negative; blank is 0."""
    number = _number(cell or "0")
    if number != number.to_integral_value():
        raise ValueError(f"is not a whole number: {cell}")
    if abs(number) > LARGEST_WHOLE_NUMBER:
        raise ValueError(f"is too large: {cell}")
    return int(number)


def stock(cell: str) -> int | None:
    """Read a count; None where nobody tells. Fewer than none are owed elsewhere: none are here."""
    return max(integer(cell), 0) if cell else None


def code(cell: str) -> str:
    """Return a code without the apostrophe that keeps spreadsheets from reading it as a number.

    Nor with characters that nobody sees: who types it could not find it.
    """
    return visible(cell).removeprefix("'").strip()


def sku(cell: str) -> str:
    """Return a code that may end a web address."""
    if wrong := unfit_for_code(read := code(cell)):
        raise ValueError(f"holds {wrong!r}, which cannot stand in an address: {_shown(cell)}")
    return read


def picture(cell: str) -> str:
    """Return a web address, or the name of a static file."""
    if wrong := unfit_for_picture(cell):
        raise ValueError(f"holds {wrong!r}, which cannot stand in an address")
    if cell.startswith("//"):
        return f"https:{cell}"
    if urlsplit(cell).scheme not in {"http", "https", ""}:
        raise ValueError("is neither an http(s) address nor a file name")
    return cell


def _number(cell: str) -> Decimal:
    if not _NUMBER.fullmatch(cell) or len(cell) > LONGEST_NUMBER:
        raise ValueError(f"is not a number such as 12.50: {_shown(cell)}")
    return Decimal(cell)


def _one_of(
    cell: str, meanings: dict[str, bool], elsewhere: Mapping[str, bool] = MappingProxyType({})
) -> bool:
    try:
        return {**elsewhere, **meanings}[cell.casefold()]
    except KeyError:
        known = ", ".join(meaning.upper() for meaning in meanings if meaning)
        raise ValueError(f"is not one of {known}: {_shown(cell)}") from None


def _shown(cell: str) -> str:
    """Return the cell as it may stand in a message of one line."""
    return repr(cell if len(cell) <= 40 else f"{cell[:40]}...")
