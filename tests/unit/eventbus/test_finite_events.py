"""An event comes to an end: a class that holds itself is refused where it is declared."""

from types import SimpleNamespace
from uuid import UUID

import pytest
from typing_extensions import TypeAliasType

from eventbus import Event, Personal
from eventbus.exceptions import InvalidDefinition
from eventbus.field_types import check_finite
from eventbus.personal import masked


def holding_itself() -> None:
    class Box(Event.Value):
        box: "Box | None" = None


def holding_many_of_itself() -> None:
    class Box(Event.Value):
        lid: str
        boxes: "tuple[Box, ...]" = ()


def holding_itself_by_key() -> None:
    class Box(Event.Value):
        by_label: "dict[str, Box]"


def holding_what_holds_it() -> None:
    class Box(Event.Value):
        lid: "Lid"

    class Lid(Event.Value):
        of: Box


def holding_it_by_a_third() -> None:
    class Lid(Event.Value):
        handles: "tuple[Handle, ...]"

    class Box(Event.Value):
        lid: Lid

    class Handle(Event.Value):
        of: Box


def event_holding_itself() -> None:
    class Packed(Event):
        box: UUID
        before: "Packed | None" = None


@pytest.mark.parametrize(
    ("declare", "field"),
    [
        (holding_itself, "Box.box"),
        (holding_many_of_itself, "Box.boxes"),
        (holding_itself_by_key, "Box.by_label"),
        (holding_what_holds_it, "Box.lid"),
        (holding_it_by_a_third, "Lid.handles"),
        (event_holding_itself, "Packed.before"),
    ],
)
def test_what_holds_itself_by_whatever_way_is_refused_with_its_class_and_field(declare, field):
    with pytest.raises(InvalidDefinition, match=rf"{field}: .*itself"):
        declare()


def test_an_alias_that_holds_itself_is_refused():
    """As `type Boxes = dict[str, Boxes]` of Python 3.12."""
    alias = type("TypeAliasType", (), {})()
    alias.__value__ = dict[str, alias]
    fields = {"boxes": SimpleNamespace(annotation=alias)}
    packed = SimpleNamespace(__name__="Packed", model_fields=fields, model_rebuild=bool)
    with pytest.raises(InvalidDefinition, match=r"Packed\.boxes: it holds itself"):
        check_finite(packed)


def test_a_value_may_be_held_more_than_once():
    class Lid(Event.Value):
        colour: str

    class Box(Event.Value):
        top: Lid
        bottom: Lid | None = None


def test_what_stands_behind_an_alias_is_a_part_like_any_other():
    class Label(Event.Value):
        name: Personal[str]

    class Sent(Event.Value):
        labels: TypeAliasType("Labels", tuple[Label, ...])  # type: ignore[valid-type]

    assert masked(Sent, {"labels": [{"name": "Ada"}]}) == {"labels": [{"name": ""}]}
    with pytest.raises(InvalidDefinition, match="not float"):

        class Weighed(Event.Value):
            grams: TypeAliasType("Grams", tuple[float, ...])  # type: ignore[valid-type]
