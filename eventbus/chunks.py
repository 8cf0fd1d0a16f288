"""Size limits of an event: check or split a list before it is emitted."""

import json
from collections.abc import Iterable, Iterator
from typing import TypeVar

from eventbus.conf import conf
from eventbus.event import MAX_ITEMS

Item = TypeVar("Item")
#: Bytes that an entry of a list takes besides its texts: names of fields, numbers, amounts.
NUMBERS = 300


def fits_one_event(entries: Iterable[tuple[str, ...]]) -> bool:
    """Return whether one event holds all these entries, each given by its texts."""
    sizes = [size_of(*texts) for texts in entries]
    return len(sizes) <= MAX_ITEMS and sum(sizes) <= max_entries_bytes()


def size_of(*texts: str) -> int:
    """Return the bytes that an entry with these texts may take in an event."""
    return NUMBERS + sum(len(json.dumps(text)) for text in texts)


def max_entries_bytes() -> int:
    """Return the bytes there are for a list's entries; a quarter of an event is for the rest."""
    return int(conf.MAX_EVENT) * 3 // 4


def split_to_fit(items: Iterable[Item], text: str = "") -> Iterator[tuple[Item, ...]]:
    """Split items into parts that fit into one event each; `text` is the field with their name."""
    part: list[Item] = []
    size = 0
    for item in items:
        takes = size_of(getattr(item, text) if text else "")
        if part and (len(part) == MAX_ITEMS or size + takes > max_entries_bytes()):
            yield tuple(part)
            part, size = [], 0
        part.append(item)
        size += takes
    if part:
        yield tuple(part)
