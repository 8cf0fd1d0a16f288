"""An example of an event, made up from its fields."""

import enum
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union
from uuid import UUID

from pydantic import BaseModel, ValidationError

from eventbus.event import Event

AnyEvent = TypeVar("AnyEvent", bound=Event)

#: What stands for each plain type; numbers and texts differ from one example to the next.
_PLAIN: Mapping[type, Callable[[str, int], Any]] = {
    str: lambda name, n: f"{name} {n}",
    int: lambda name, n: n,
    bool: lambda name, n: True,
    Decimal: lambda name, n: Decimal(n),
    UUID: lambda name, n: UUID(int=n, version=4),
    datetime: lambda name, n: datetime(2030, 1, 1, tzinfo=UTC) + timedelta(minutes=n),
    date: lambda name, n: date(2030, 1, 1) + timedelta(days=n),
    time: lambda name, n: time(n % 24),
    timedelta: lambda name, n: timedelta(minutes=n),
    NoneType: lambda name, n: None,
}


def example_of(event_class: type[AnyEvent], number: int = 1, **fields: Any) -> AnyEvent:
    """Return an event of this class: `fields`, defaults, and for the rest values made up.

    Examples of different numbers have different subjects. Raises `AssertionError` where what was
    made up does not fit, naming the fields that must be given.
    """
    made = {name: _made(event_class, name, number) for name in _required(event_class) - {*fields}}
    try:
        return event_class(**made | fields)
    except ValidationError as error:
        unfit = ", ".join(sorted({str(each["loc"][0]) for each in error.errors() if each["loc"]}))
        raise AssertionError(
            f"{event_class.type}: no example could be made up for {unfit or 'its fields'}:"
            f" give example_of({event_class.__name__}, {unfit}=...) or an event of your own"
        ) from error


def _required(model: type[BaseModel]) -> set[str]:
    return {name for name, field in model.model_fields.items() if field.is_required()}


def _made(model: type[BaseModel], name: str, number: int) -> Any:
    return _value(model.model_fields[name].annotation, name, number)


def _value(annotation: Any, name: str, number: int) -> Any:
    """Return a value of a field's type: of several types the first, of a collection one entry."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated or origin in (Union, UnionType):
        return _value(parts[0], name, number)
    if origin is Literal:
        return parts[0]
    if origin in (dict, Mapping):
        return {_value(parts[0], name, number): _value(parts[1], name, number)}
    if origin is not None:
        return [_value(part, name, number) for part in parts if part is not ...]
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return next(iter(annotation))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {each: _made(annotation, each, number) for each in _required(annotation)}
    return _PLAIN[annotation](name, number) if annotation in _PLAIN else None
