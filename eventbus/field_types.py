"""The fields of events: the types they may have, and what is written about them."""

import ast
import inspect
import linecache
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.errors import PydanticUndefinedAnnotation

from eventbus.exceptions import InvalidDefinition


def check_finite(model: type[BaseModel]) -> None:
    """Raise `InvalidDefinition` for a field that holds its own class, or one that is not there yet.

    What walks through events, to mask them or to describe them, comes to an end then.
    """
    try:
        model.model_rebuild()
    except PydanticUndefinedAnnotation as error:
        fields, missing = model.model_fields.items(), str(error.name)
        found = [name for name, field in fields if missing in str(field.annotation)]
        raise InvalidDefinition(
            f"{model.__name__}.{' and '.join(found)}: declare {missing} above it; what holds"
            " itself, by whatever way, is no part of an event"
        ) from error
    for name, field in model.model_fields.items():
        if _holds(field.annotation, model):
            raise InvalidDefinition(
                f"{model.__name__}.{name}: it holds itself; give the parts ids, and list them"
            )


def _holds(annotation: Any, searched: Any, aliases: tuple[Any, ...] = ()) -> bool:
    """Return whether a class is in a field, or an alias in itself."""
    if annotation is searched or annotation in aliases:
        return True
    if _alias(annotation):
        aliases = (*aliases, annotation)
    return any(_holds(part, searched, aliases) for part in _parts(annotation))


def _parts(annotation: Any) -> tuple[Any, ...]:
    """Return what a type is made of: of `dict[str, int]` both, of an alias what it stands for."""
    alias = _alias(annotation)
    return (*typing.get_args(annotation), *([alias.__value__] if alias else ()))


def _alias(annotation: Any) -> Any:
    found = typing.get_origin(annotation) or annotation
    # That of `typing`, which Python 3.11 lacks, or that of `typing_extensions`.
    return found if type(found).__name__ == "TypeAliasType" else None


def types_in(annotation: Any) -> set[Any]:
    """Return the plain types of a field: `str` and `None` of `str | None`."""
    if typing.get_origin(annotation) is typing.Annotated:
        return types_in(annotation.__origin__)
    parts = _parts(annotation)
    if not parts:
        return {annotation}
    return {found for part in parts for found in types_in(part)}


def values_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the values a field is made of: `OrderLine` of `tuple[OrderLine, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in _parts(annotation):
        yield from values_in(part)


def is_mapping(annotation: Any) -> bool:
    """Return whether a field holds values by key: `dict[str, Level]`, or None beside it."""
    inner = (annotation, *_parts(annotation))
    return any(typing.get_origin(each) is dict for each in inner)


def field_docs(model: type[BaseModel]) -> dict[str, tuple[str, str]]:
    """Return each field's type as it is written, and the text of the `#:` lines above it.

    None of a class whose source is not there.
    """
    found: dict[str, tuple[str, str]] = {}
    for base in reversed(model.__mro__):
        if getattr(base, "model_fields", None):
            found |= _written_in(base)
    return found


def _written_in(model: type) -> dict[str, tuple[str, str]]:
    try:
        path = inspect.getsourcefile(model)
    except (OSError, TypeError):
        return {}
    return _written_in_file(path).get(model.__qualname__, {}) if path else {}


@cache
def _written_in_file(path: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Return what is written of each class of a file, by its qualified name."""
    source = "".join(linecache.getlines(path))
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for name, definition in _classes(ast.parse(source)):
        found.setdefault(name, _fields(definition, source.splitlines()))
    return found


def _classes(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.ClassDef]]:
    """Yield the classes in a tree by their qualified names."""
    for node in ast.iter_child_nodes(tree):
        inner = prefix
        if isinstance(node, ast.ClassDef):
            yield prefix + node.name, node
            inner = f"{prefix}{node.name}."
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = f"{prefix}{node.name}.<locals>."
        yield from _classes(node, inner)


def _fields(definition: ast.ClassDef, lines: list[str]) -> dict[str, tuple[str, str]]:
    return {
        ast.unparse(node.target): (ast.unparse(node.annotation), _comment_above(lines, node.lineno))
        for node in definition.body
        if isinstance(node, ast.AnnAssign)
    }


def _comment_above(lines: list[str], line: int) -> str:
    """Return the text of the `#:` lines right above this line, counted from 1."""
    comment: list[str] = []
    for above in reversed(lines[: line - 1]):
        text = above.strip()
        if not text.startswith("#:"):
            break
        comment.insert(0, text.removeprefix("#:").strip())
    return " ".join(comment)
