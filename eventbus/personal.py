"""What an event tells of a person: marked on its fields, so that it can be blanked.

A blank says nothing and still fits: an empty text, an empty list. So history
stays readable, and a reaction that is fed the past finds no address to write to.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from eventbus import registry
from eventbus.exceptions import BusError, InvalidDefinition, UnknownEventType
from eventbus.field_types import is_mapping, types_in, values_in
from eventbus.log_privacy import HIDDEN

Text = TypeVar("Text")
Change = Callable[[Any], Any]
#: Shorter texts are in every other word.
SHORTEST = 3


class _Marker:
    """On a field: it tells who somebody is."""

    def __repr__(self) -> str:
        return "Personal"

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Mark the field in the event's JSON Schema."""
        return {**handler(schema), "x-personal": True}


_PERSONAL = _Marker()
#: A field of an event or value that tells who somebody is, or that people type
#: freely about them: `email: Personal[str]`. For texts, and tuples of them.
Personal = Annotated[Text, _PERSONAL]


def personal_fields(model: type[BaseModel]) -> list[str]:
    """Return the fields of an event or value, not of its parts, marked `Personal`."""
    return [name for name, field in model.model_fields.items() if _is_personal(field)]


def has_personal_fields(model: type[BaseModel]) -> bool:
    """Return whether an event or value, or a part of it, has a `Personal` field."""
    parts = (part for f in model.model_fields.values() for part in values_in(f.annotation))
    return bool(personal_fields(model)) or any(has_personal_fields(part) for part in parts)


def masked(model: type[BaseModel], data: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON data of an event or value with everything `Personal` blank.

    What the class does not know is left as it is.
    """
    return changed(model, data, _blank)


def changed(model: type[BaseModel], data: dict[str, Any], change: Change) -> dict[str, Any]:
    """Return the data as `masked`, with `change` applied instead of a blank."""
    fields = model.model_fields
    return {
        name: _changed(fields[name], value, change) if name in fields else value
        for name, value in data.items()
    }


def redacted_data(type: str, version: int, data: dict[str, Any]) -> dict[str, Any]:
    """Return an event's JSON data in today's form, with everything `Personal` in it blank.

    Of a type that this code does not know only the names of the fields are left. Raises
    `NewerVersion`, or `InvalidEvent` for an older version that cannot be upcast.
    """
    try:
        event_class = registry.event_class(type, version)
    except UnknownEventType:
        return dict.fromkeys(data, "")
    return masked(event_class, event_class.todays_data(version, data))


def masked_data(type: str, version: int, data: dict[str, Any]) -> dict[str, Any]:
    """Return the same to be shown: of what cannot be read only the names of the fields."""
    try:
        return redacted_data(type, version, data)
    except BusError:
        return dict.fromkeys(data, "")


def todays_data(type: str, version: int, data: dict[str, Any]) -> dict[str, Any]:
    """Return an event's JSON data in today's form; what cannot be read as it is."""
    try:
        return registry.event_class(type, version).todays_data(version, data)
    except BusError:
        return data


def may_have_personal_fields(type: str, version: int) -> bool:
    """Return whether such an event may have `Personal` fields: another version than ours may."""
    try:
        event_class = registry.event_class(type)
    except UnknownEventType:
        return True
    return version != event_class.version or has_personal_fields(event_class)


def mask_values(text: str, type: str, version: int, data: dict[str, Any]) -> str:
    """Mask an event's personal values in a text about it, such as an error."""
    texts = _personal_texts(todays_data(type, version, data), masked_data(type, version, data))
    for value in sorted(texts, key=len, reverse=True):
        text = text.replace(value, HIDDEN)
    return text


def check_personal(model: type[BaseModel]) -> None:
    """Raise `InvalidDefinition` where a field is marked that no blank would fit."""
    for name in personal_fields(model):
        if not types_in(model.model_fields[name].annotation) <= {str, type(None), ...}:
            raise InvalidDefinition(
                f"{model.__name__}.{name}: Personal is for texts and tuples of texts; "
                "of a value mark the fields"
            )


def _is_personal(field: FieldInfo) -> bool:
    return _PERSONAL in field.metadata


def _changed(field: FieldInfo, value: Any, change: Change) -> Any:
    if _is_personal(field):
        return change(value)
    for part in values_in(field.annotation):
        if is_mapping(field.annotation) and isinstance(value, dict):
            value = {key: _change_parts(part, each, change) for key, each in value.items()}
        else:
            value = _change_parts(part, value, change)
    return value


def _change_parts(part: type[BaseModel], value: Any, change: Change) -> Any:
    if isinstance(value, dict):
        return changed(part, value, change)
    if isinstance(value, list):
        return [_change_parts(part, item, change) for item in value]
    return value


def _blank(value: Any) -> Any:
    """Return an empty value of the same kind."""
    return type(value)() if isinstance(value, str | list) else value


def _personal_texts(whole: Any, blank: Any) -> Iterator[str]:
    """Yield the texts that were blanked, wherever in the data they are."""
    if isinstance(whole, dict) and isinstance(blank, dict):
        for name, value in whole.items():
            yield from _personal_texts(value, blank.get(name))
    elif isinstance(whole, list):
        pairs = blank if isinstance(blank, list) and blank else [None] * len(whole)
        for value, other in zip(whole, pairs, strict=False):
            yield from _personal_texts(value, other)
    elif isinstance(whole, str) and whole != blank and len(whole) >= SHORTEST:
        yield whole
