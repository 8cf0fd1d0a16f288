"""Parts of an event, as they go through code: the event, values in it, tuples of such."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from pydantic import BaseModel

from eventbus.contracts.changes import Path

#: So deep are rows in rows looked into.
_DEEPEST = 3


@dataclass(frozen=True)
class Part:
    """An event, or a value at a path in it. Something plain is read as soon as it is named."""

    path: Path
    model: type[BaseModel]


@dataclass(frozen=True)
class Row:
    """A tuple with parts in it, by place: of `(event, shipment)` the first alone."""

    places: tuple[frozenset["Part | Row"], ...]

    def parts(self) -> Iterator[Part]:
        """Yield all parts in it, also in the rows in it."""
        for each in chain.from_iterable(self.places):
            yield from each.parts() if isinstance(each, Row) else (each,)

    def depth(self) -> int:
        """Return how deep rows are in each other here."""
        inner = (each for each in chain.from_iterable(self.places) if isinstance(each, Row))
        return 1 + max((row.depth() for row in inner), default=0)


#: What an expression may be, or hold.
Parts = set[Part | Row]


def row(*places: Iterable[Part | Row]) -> Parts:
    """Return a tuple of these; as the parts in it where it is too deep."""
    made = Row(tuple(map(frozenset, places)))
    flat = set(made.parts())
    return {made} if flat and made.depth() <= _DEEPEST else {*flat}


def parts_in(parts: Iterable[Part | Row]) -> set[Part]:
    """Return the parts alone, without the tuples that they are in."""
    return {each for part in parts for each in (part.parts() if isinstance(part, Row) else (part,))}


def entries(parts: Parts) -> Parts:
    """Return what may be had by an index: an entry of a list, or of a tuple."""
    rows = (part for part in parts if isinstance(part, Row))
    return parts | {each for found in rows for place in found.places for each in place}
