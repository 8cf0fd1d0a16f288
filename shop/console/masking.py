"""What events tell of people, shown only to who may see it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from shop.bus import registry
from shop.bus.errors import BusError
from shop.bus.personal import masked

HIDDEN = "•••"
#: Shorter texts are in every other word.
SHORTEST = 3
_ADDRESS = re.compile(r"[^\s@'\"()<>=]+@[^\s@'\"()<>=]+")


def shown_data(type: str, data: dict[str, Any], *, personal: bool) -> str:
    """An event's data as JSON to read, with blanks for what is personal."""
    return json.dumps(data if personal else _blanked(type, data), indent=2, ensure_ascii=False)


def shown_text(text: str, type: str, data: dict[str, Any], *, personal: bool) -> str:
    """An error's text, without what the event tells of people and without mail addresses."""
    if personal:
        return text
    for value in sorted(_told_of_people(data, _blanked(type, data)), key=len, reverse=True):
        text = text.replace(value, HIDDEN)
    return without_addresses(text)


def without_addresses(text: str) -> str:
    return _ADDRESS.sub(HIDDEN, text)


def _blanked(type: str, data: dict[str, Any]) -> dict[str, Any]:
    """Of an event this code does not know, only the names of its fields."""
    try:
        return masked(registry.event_class(type), data)
    except BusError:
        return dict.fromkeys(data, HIDDEN)


def _told_of_people(whole: Any, blank: Any) -> Iterator[str]:
    """The texts that were blanked, wherever in the data they are."""
    if isinstance(whole, dict) and isinstance(blank, dict):
        for name, value in whole.items():
            yield from _told_of_people(value, blank.get(name))
    elif isinstance(whole, list):
        pairs = blank if isinstance(blank, list) and blank else [None] * len(whole)
        for value, other in zip(whole, pairs, strict=False):
            yield from _told_of_people(value, other)
    elif isinstance(whole, str) and whole != blank and len(whole) >= SHORTEST:
        yield whole
