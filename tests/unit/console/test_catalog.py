"""The catalogue and the map of events, read from the code."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from eventbus.operations.event_catalog import Entry, catalogue
from eventbus.operations.mermaid import mermaid
from eventbus.registry import Reaction
from tests.unit.console.events import CakeBaked, SmallCakeBaked


def entry_of(event):
    return next(entry for entry in catalogue() if entry.type == event.type)


def test_the_catalogue_has_every_event_sorted_by_type():
    types = [entry.type for entry in catalogue()]
    assert types == sorted(types)
    assert {"orders.OrderPlaced", "billing.PaymentCompleted", "shop.ItemAdded"} <= set(types)


def test_an_event_is_described_as_it_is_written():
    plain = entry_of(CakeBaked).as_json()
    assert plain.pop("reactions")
    assert plain == {
        "type": "tests.CakeBaked",
        "version": 3,
        "app": "tests",
        "kind": "event",
        "doc": "A cake came out of the oven.",
        "emitted_by": [],
        "fields": [
            {"name": "cake", "type": "UUID"},
            {"name": "baker", "type": "str | None", "doc": "who baked it, if anybody knows"},
            {
                "name": "slices",
                "type": "tuple[Slice, ...]",
                "fields": [{"name": "place", "type": "int", "doc": "from 1"}],
            },
            {"name": "kind", "type": "Literal['sponge', 'cheese']"},
        ],
    }


def test_inherited_fields_are_catalogued_too():
    names = {field.name: field.doc for field in entry_of(SmallCakeBaked).fields}
    assert names["baker"] == "who baked it, if anybody knows"
    assert names["width"] == "in millimetres"


def test_every_event_of_ours_says_what_happened():
    assert not [entry.type for entry in catalogue() if entry.app != "tests" and not entry.doc]


def entry(type, *listeners):
    reactions = tuple(Reaction(app, "react", print, is_external=False) for app in listeners)
    return Entry(type, 1, type.partition(".")[0], "", (), reactions)


def test_the_map_has_one_arrow_for_all_that_one_app_hears_from_another():
    drawn = mermaid(
        [entry("a.Fell", "b"), entry("a.Rang", "a", "b", "c"), entry("b.Left", "a"), entry("b.Lo")]
    )
    assert drawn.splitlines() == [
        "flowchart LR",
        "    a([a])",
        "    b([b])",
        "    c([c])",
        "    a --> b",
        "    a --> c",
        "    b --> a",
    ]


def test_the_map_begins_with_the_app_most_others_listen_to():
    drawn = mermaid([entry("a.Rang", "z"), entry("b.Fell", "a", "c"), entry("c.Left", "b")])
    assert drawn.splitlines()[1] == "    b([b])"


def test_an_app_that_reacts_to_everything_is_a_note_on_the_map():
    drawn = mermaid([entry("a.Rang", "analytics", "b"), entry("b.Fell", "analytics")])
    assert drawn.splitlines()[-2:] == [
        "    a --> b",
        "    note_analytics>analytics reacts to every event]",
    ]


def printed(*arguments):
    out = StringIO()
    call_command("events", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_a_line_for_each_reaction():
    lines = printed().splitlines()
    assert lines[0].split() == ["EVENT", "REACTION", "WHAT", "HAPPENED"]
    first = next(i for i, line in enumerate(lines) if line.startswith("tests.CakeBaked v3 "))
    assert lines[first].endswith("  A cake came out of the oven.")
    assert lines[first].split()[2] == "analytics.count_event"


def test_the_command_prints_the_whole_catalogue_as_json():
    assert json.loads(printed("--json")) == [entry.as_json() for entry in catalogue()]


def test_the_command_prints_the_map():
    assert printed("--mermaid").strip() == mermaid(catalogue())


def test_json_and_map_at_once_are_refused():
    with pytest.raises(CommandError, match="not allowed with"):
        printed("--json", "--mermaid")
