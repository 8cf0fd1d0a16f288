"""The types that fields of an event may have."""

import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel


def types_in(annotation: Any) -> set[Any]:
    """Return the plain types of a field: `str` and `None` of `str | None`."""
    if typing.get_origin(annotation) is typing.Annotated:
        return types_in(annotation.__origin__)
    parts = typing.get_args(annotation)
    if not parts:
        return {annotation}
    return {found for part in parts for found in types_in(part)}


def values_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the values a field is made of: `OrderLine` of `tuple[OrderLine, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from values_in(part)
