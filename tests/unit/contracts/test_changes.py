"""What has changed between two schemas, and whether it harms."""

from typing import Any, Literal

import pytest
from pydantic import Field, create_model

from eventbus import Event
from eventbus.contracts.changes import changes
from eventbus.contracts.schemas import structure
from eventbus.schema import json_schema

REQUIRED = ...


class Inner(Event.Value):
    a: int


class Longer(Event.Value):
    a: int
    b: str = ""


def schema(type: Any, default: Any = REQUIRED) -> dict[str, Any]:
    return structure(json_schema(create_model("Made", __base__=Event.Value, of=(type, default))))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ((str,), (str,), []),
        ((str,), (str, ""), []),
        ((str, ""), (str,), ["of required now"]),
        ((str,), (int,), ["of retyped: text -> integer"]),
        ((str,), (str | None,), ["of retyped: text -> text or null"]),
        ((str | None,), (str,), ["of retyped: text or null -> text"]),
        ((tuple[str, ...],), (str,), ["of retyped: array -> text"]),
        ((tuple[str, ...],), (tuple[int, ...],), ["of retyped: text -> integer"]),
        ((tuple[str, int],), (tuple[str, int, int],), ["of retyped: 2 -> 3 entries"]),
        ((tuple[str, int],), (tuple[str, bool],), ["of retyped: integer -> boolean"]),
        ((dict[str, int],), (dict[str, str],), ["of retyped: integer -> text"]),
        ((Literal["a", "b"],), (Literal["a"],), ["of narrowed: no more b"]),
        ((Literal["a"],), (Literal["a", "b"],), ["of widened: may be b too"]),
        ((Literal["a", "b"],), (str,), ["of widened: may be any other too"]),
        ((str,), (Literal["a", "b"],), ["of narrowed: no more any other"]),
        ((Inner,), (Longer,), ["of.b added"]),
        ((Longer | None,), (Inner | None,), ["of.b removed"]),
        ((tuple[Longer, ...],), (tuple[Inner, ...],), ["of.b removed"]),
        ((Inner | Longer,), (Inner | Longer,), []),
    ],
)
def test_each_change_of_a_field_is_called_by_its_kind(before, after, found):
    made = changes(schema(*before), schema(*after))
    assert [
        str(each).removesuffix(", maxLength") for each in made if "maxL" not in each.detail
    ] == (found)


@pytest.mark.parametrize(
    ("limit", "tighter", "looser"),
    [("max_length", 5, 20), ("min_length", 20, 5), ("pattern", "b", None)],
)
def test_a_limit_that_lets_less_through_narrows(limit, tighter, looser):
    start = {"pattern": "a"} if limit == "pattern" else {limit: 10}
    before = schema(str, Field(**start))
    kinds = [
        str(each.kind)
        for value in (tighter, looser)
        for each in changes(before, schema(str, Field(**{limit: value})))
    ]
    assert kinds == ["narrowed", "widened"]


def test_a_new_field_is_a_break_only_where_it_is_required():
    two = create_model("Two", __base__=Event.Value, a=(int, ...), b=(int, ...), c=(int, 0))
    found = changes(structure(json_schema(Inner)), structure(json_schema(two)))
    assert [(str(each), each.is_break) for each in found] == [
        ("b required now", True),
        ("c added", False),
    ]
