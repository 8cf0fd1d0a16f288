"""The JSON Schema of an event: of what is on the wire, with an example of it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import Field, create_model

from eventbus import Event, Personal, masked, registry
from eventbus.contracts.schemas import NoExample, example, example_of, structure

TYPES = [
    type for type in registry.event_types() if registry.event_class(type).__module__[:5] != "tests"
]


class Piece(Event.Value):
    name: Personal[str]


class Shown(Event):
    """Something of every kind is shown."""

    thing: str = Field(min_length=12, max_length=14)
    #: what it costs
    price: Decimal
    on: date
    at: datetime
    takes: timedelta
    kind: Literal["big", "small"]
    rank: int = Field(ge=3, lt=5)
    pair: tuple[int, str]
    names: dict[str, Piece]
    code: str = Field(pattern="^[A-Z]{2}$", examples=["GB"])
    first: Piece | None
    alias: Personal[tuple[str, ...]]
    flag: bool = False


def fits(schema: dict[str, Any], data: Any) -> bool:
    return Draft202012Validator(schema, format_checker=FormatChecker()).is_valid(data)


@pytest.mark.parametrize("form", [{}, {"minimal": True}, {"blank": True}])
def test_an_example_fits_the_schema_and_the_event_and_so_does_what_is_written_of_it(form):
    events = [*map(registry.event_class, TYPES), Shown]
    for event in events:
        schema = event.json_schema()
        data = example(schema, **form)
        assert fits(schema, data), event
        assert fits(schema, event.from_data(data).to_data()), event
        assert fits(schema, example(structure(schema), **form)), event


@pytest.mark.parametrize("price", ["0", "-0.00", "1E+2", "0E-10", "19.90", "1.5E-7"])
def test_a_decimal_is_written_as_the_schema_says(price):
    shown = Shown.from_data(example(Shown.json_schema()) | {"price": price})
    assert fits(Shown.json_schema(), shown.to_data())


@pytest.mark.parametrize("change", [{"price": 1}, {"price": "a"}, {"kind": "odd"}, {"pair": [1]}])
def test_what_an_event_would_refuse_does_not_fit(change):
    assert not fits(Shown.json_schema(), example(Shown.json_schema()) | change)


def test_a_field_of_which_no_example_can_be_made_up_is_named(monkeypatch):
    monkeypatch.setattr(registry, "_events", dict(registry._events))
    odd = create_model("Odd", code=(str, Field(pattern="^[A-Z]{2}$")), __base__=Shown)
    with pytest.raises(NoExample, match="; give the field one"):
        example_of(odd)


def test_fields_of_other_releases_fit():
    schema = Shown.json_schema()
    data = example(schema, minimal=True)
    assert "flag" not in data
    assert fits(schema, data | {"of_tomorrow": 1})


def test_what_is_personal_is_marked_and_what_is_written_about_a_field_is_said():
    schema = Shown.json_schema()
    fields = schema["properties"]
    assert fields["alias"]["x-personal"]
    assert schema["$defs"]["Piece"]["properties"]["name"]["x-personal"]
    assert "x-personal" not in fields["thing"]
    assert fields["price"]["description"] == "what it costs"
    assert schema["description"] == "Something of every kind is shown."


def test_a_blank_example_is_as_a_redaction_leaves_it():
    whole = example(Shown.json_schema())
    blank = example(Shown.json_schema(), blank=True)
    assert blank == masked(Shown, whole)


def test_the_structure_is_without_texts_and_keeps_fields_that_are_called_like_them():
    class Titled(Event):
        """It has a title."""

        #: as on the cover
        title: str
        description: str = "none"

    assert structure(Titled.json_schema()) == {
        "type": "object",
        "properties": {
            name: {"type": "string", "maxLength": 1048576} for name in ("title", "description")
        },
        "required": ["title"],
    }
