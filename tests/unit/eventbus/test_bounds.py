"""No event can grow beyond what the bus carries, and what can never succeed is not tried again."""

import json
import typing
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError as WrongValue
from django.test import override_settings
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from eventbus import MAX_ITEMS, Event, fits_one_event, registry, split_to_fit
from eventbus.chunks import max_entries_bytes, size_of
from eventbus.delivery.runner import Incoming, handle
from eventbus.event import MAX_TEXT
from eventbus.field_types import types_in, values_in
from eventbus.testing import emit
from shop.settings import OUR_PACKAGES
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.deliveries import delivery, envelope_of
from tests.unit.eventbus.events import Answered, Rang

COLLECTIONS = (tuple, list, set, frozenset, dict)
#: Characters that any form, API field or column takes for one text of an event.
TYPED = 2000
#: The longest JSON of values that are no texts.
PLAIN = {int: 20, Decimal: 24, UUID: 38, datetime: 36, date: 12, bool: 5, type(None): 4}


def ours() -> list[type[Event]]:
    """The event classes of the apps, not of tests."""
    apps = {*OUR_PACKAGES}
    return [
        found
        for type in registry.event_types()
        if (found := registry.event_class(type)).app in apps
    ]


def models() -> list[type[BaseModel]]:
    """The event classes and the values they are made of."""
    found: dict[type[BaseModel], None] = {}

    def take(model: type[BaseModel]) -> None:
        found[model] = None
        for field in model.model_fields.values():
            for value in values_in(field.annotation):
                take(value)

    for event_class in ours():
        take(event_class)
    return list(found)


def fields(of: type) -> list[Any]:
    """Every field, of every event class or value, that has texts or entries of this kind."""
    return [
        (model, name)
        for model in models()
        for name, field in model.model_fields.items()
        if _is(field.annotation, of)
    ]


def _is(annotation: Any, of: type) -> bool:
    if of is str:
        return str in types_in(annotation) and not _collections_in(annotation)
    return bool(_collections_in(annotation))


def _collections_in(annotation: Any) -> list[Any]:
    origin = typing.get_origin(annotation)
    if origin in COLLECTIONS or annotation in COLLECTIONS:
        return [annotation]
    return [found for part in typing.get_args(annotation) for found in _collections_in(part)]


def refusals_of(model: type[BaseModel], **data: Any) -> list[ErrorDetails]:
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(data)
    # As a text it would show what was refused: a megabyte, looked through for each missing field.
    return refusal.value.errors(include_input=False)


def longest(field: FieldInfo, model: type[BaseModel]) -> int:
    """Bytes of JSON that a field takes at most, its texts in plain letters."""
    text = min(model.model_config["str_max_length"], TYPED)
    for collection in _collections_in(field.annotation):
        item = typing.get_args(collection)[0]
        each = _longest(item, text)
        return (_bound(field) or MAX_ITEMS) * (each + 2)
    return _longest(field.annotation, text)


def _longest(annotation: Any, text: int) -> int:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return largest(annotation)
    if typing.get_origin(annotation) is typing.Annotated:
        return _longest(typing.get_args(annotation)[0], text)
    if annotation is str:
        return text + 2
    if typing.get_origin(annotation) is typing.Literal:
        return max(len(json.dumps(value)) for value in typing.get_args(annotation))
    if annotation in PLAIN:
        return PLAIN[annotation]
    return max(_longest(part, text) for part in typing.get_args(annotation) if part is not ...)


def largest(model: type[BaseModel]) -> int:
    """Bytes of JSON of a whole event or value."""
    sizes = (len(name) + 6 + longest(field, model) for name, field in model.model_fields.items())
    return 2 + sum(sizes)


def _bound(field: FieldInfo) -> int | None:
    return next((b for m in field.metadata if (b := getattr(m, "max_length", None))), None)


def test_every_text_of_every_event_has_a_bound():
    for model, field in fields(str):
        if typing.get_origin(model.model_fields[field].annotation) is not typing.Literal:
            refusals = refusals_of(model, **{field: "x" * (MAX_TEXT + 1)})
            assert "string_too_long" in {each["type"] for each in refusals}, (model, field)


def test_every_collection_of_every_event_has_a_bound():
    for model, field in fields(tuple):
        refusals = refusals_of(model, **{field: [None] * (MAX_ITEMS + 1)})
        said = " ".join(each["msg"] for each in refusals)
        assert f"{field}: {MAX_ITEMS + 1} entries, at most {MAX_ITEMS} fit" in said, model


def test_the_most_that_an_event_takes_in_plain_letters_fits_on_the_bus():
    most_bytes = settings.EVENTBUS_MAX_EVENT
    assert [event.type for event in ours() if largest(event) > most_bytes] == []


def test_what_fits_is_counted_as_json():
    assert fits_one_event([("x" * 255,)] * 1000)
    assert not fits_one_event([("\N{TEAPOT}" * 255,)] * 1000)
    assert not fits_one_event([("",)] * (MAX_ITEMS + 1))


def test_parts_are_whole_together_and_fit_each():
    items = [Answered(bell=uuid4(), by="\N{TEAPOT}" * 300) for _ in range(MAX_ITEMS + 1)]
    found = list(split_to_fit(items, "by"))
    assert [item for part in found for item in part] == items
    assert all(len(part) <= MAX_ITEMS for part in found)
    assert all(sum(size_of(item.by) for item in part) <= max_entries_bytes() for part in found)


def test_nothing_is_no_part():
    assert list(split_to_fit([])) == []


def too_much_text(_: Rang) -> None:
    Answered(bell=uuid4(), by="x" * (MAX_TEXT + 1))


def too_large(event: Rang) -> None:
    with override_settings(EVENTBUS_MAX_EVENT=10):
        emit(Answered(bell=event.bell, by="butler"))


def not_our_event(_: Rang) -> None:
    Rang.from_data({"bell": "no id"})


def no_value_for_a_field(_: Rang) -> None:
    raise WrongValue("no address")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "does",
    [too_much_text, too_large, not_our_event, no_value_for_a_field],
)
def test_what_can_never_succeed_is_parked_at_once(rang, does):
    behaviour["answer"] = does
    handle("tests", [Incoming(envelope_of(rang))])
    row = delivery("answer")
    assert (row.state, row.attempts) == ("parked", 1)
    assert row.error
    assert delivery("wake_the_dog").state == "done"
