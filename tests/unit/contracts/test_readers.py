"""Which fields a reaction reads, seen in its code however it gets at them."""

from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any

import pytest

from eventbus import Event
from eventbus.contracts.readers import reads_of
from eventbus.registry import Reaction


class Place(Event.Value):
    city: str
    country: str

    @property
    def label(self) -> str:
        return f"{self.city}, here"


class Line(Event.Value):
    sku: str
    units: int


class Bought(Event):
    """Somebody bought something."""

    sale: str
    lines: tuple[Line, ...]
    to: Place
    by_shelf: dict[str, Line]
    note: str

    @property
    def first(self) -> str:
        return self.lines[0].sku


class Store:
    def __init__(self, bought: Bought) -> None:
        self.sale = bought.sale

    def keep_units(self, what: Any, times: int = 1) -> int:
        return times * what.units


def country_of(bought: Bought) -> str:
    return bought.to.country


def only_lines(bought: Bought, deep: int = 3) -> Any:
    return only_lines(bought, deep - 1) if deep else bought.lines


BY_TYPE = {Bought: country_of}


def named(event):
    str((event.sale, len(event.lines)))


def looped(event):
    for line in event.lines:
        str(line.sku)


def comprehended(event):
    return {line.sku: 1 for line in sorted(event.lines, key=len) if line.units}


def unpacked(event):
    head, *rest = event.lines
    (place,) = (event.to,)
    return head.sku, [each.units for each in rest], place.city


def of_many(events):
    pairs = [(event, object()) for event in events]
    for event, other in pairs:
        str((event.sale, other.lines))


def zipped(events):
    kept = []
    for number, event in enumerate(events):
        kept.append((number, event))
    return {event.note for _, event in kept}


def keyed(event):
    return [line.sku for shelf, line in event.by_shelf.items() if shelf.city]


def by_property(event):
    return event.to.label, event.first


def followed(event):
    place = event.to
    country_of(event)
    yield partial(only_lines, bought=event)
    return place.city if place else None


def returned(event):
    return [line.units for line in only_lines(event)]


def into_a_method(event):
    store = object()
    return map(store.keep_units, event.lines)


def into_a_constructor(event):
    return Store(event)


def chosen_at_run_time(event):
    return BY_TYPE[type(event)](event)


def matched(event):
    match event:
        case Bought(sale="7", note=note):
            return note
    return getattr(event, "gone", None)


def stored(event):
    stored.last = event.to


def left_the_app(event):
    chain(str(event.to.city), hash(event.lines))


def dumped(event):
    return event.to_data()


def about(event):
    return event.id, event.occurred_at, type(event), isinstance(event, Bought)


def lambdas(event):
    return (lambda: event.note)()


@pytest.mark.parametrize(
    ("function", "fields", "whole"),
    [
        (named, "sale lines", ""),
        (looped, "lines lines.sku", ""),
        (comprehended, "lines lines.sku lines.units", ""),
        (unpacked, "lines lines.sku lines.units to to.city", ""),
        (of_many, "sale", ""),
        (zipped, "note", ""),
        (keyed, "by_shelf by_shelf.sku", ""),
        (by_property, "to to.city lines lines.sku", ""),
        (followed, "to to.country to.city lines", "lines"),
        (returned, "lines lines.units", ""),
        (into_a_method, "lines lines.units", ""),
        (into_a_constructor, "sale", ""),
        (chosen_at_run_time, "to to.country lines sale", ""),
        (matched, "sale note gone", ""),
        (stored, "to", "to"),
        (left_the_app, "to to.city lines", "lines"),
        (dumped, "", "-"),
        (about, "", ""),
        (lambdas, "note", ""),
        (partial(named), "", "-"),
    ],
)
def test_what_is_read(function: Callable[..., Any], fields: str, whole: str):
    reads = reads_of(_reaction(function), Bought)
    assert {".".join(path) for path in reads.fields} == set(fields.split())
    assert {".".join(path) or "-" for path in reads.whole} == set(whole.split())


def test_a_field_is_read_where_something_in_it_is_and_may_be_where_all_around_it_is_passed_on():
    looks, keeps = reads_of(_reaction(looped), Bought), reads_of(_reaction(stored), Bought)
    assert looks.has(("lines",))
    assert looks.has(("lines", "sku"))
    assert not looks.has(("lines", "units"))
    assert not keeps.has(("to", "city"))
    assert keeps.may_have(("to", "city"))
    assert not keeps.may_have(("note",))


def _reaction(function: Callable[..., Any]) -> Reaction:
    if not hasattr(function, "__module__"):
        function.__module__ = __name__
    return Reaction("tests", "react", function, is_external=False)
