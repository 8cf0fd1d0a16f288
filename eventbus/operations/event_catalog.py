"""The catalogue of events: each with its fields, who emits it and who reacts.

Read from the code, so that it cannot be wrong: a field's type as it is written
in `events.py`, its meaning from the `#:` lines above it.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from eventbus import registry
from eventbus.event import Event
from eventbus.field_types import values_in
from eventbus.registry import Reaction


@dataclass(frozen=True)
class Field:
    """One field. `fields` are those of the value it is made of, such as an order line."""

    name: str
    type: str
    doc: str
    fields: tuple["Field", ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values; `doc` and `fields` only where there are any."""
        plain: dict[str, Any] = {"name": self.name, "type": self.type}
        if self.doc:
            plain["doc"] = self.doc
        if self.fields:
            plain["fields"] = [field.as_json() for field in self.fields]
        return plain


@dataclass(frozen=True)
class Entry:
    """One event of the catalogue."""

    type: str
    version: int
    app: str
    doc: str
    fields: tuple[Field, ...]
    reactions: tuple[Reaction, ...]
    #: `event`, `deadline` or `task`
    kind: str = "event"
    #: reactions and services of its app that declare it
    emitted_by: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The event's name within its app."""
        return self.type.partition(".")[2]

    def as_json(self) -> dict[str, Any]:
        """Return plain values, as `manage.py events --json` prints them."""
        return {
            "type": self.type,
            "version": self.version,
            "app": self.app,
            "kind": self.kind,
            "doc": self.doc,
            "fields": [field.as_json() for field in self.fields],
            "emitted_by": list(self.emitted_by),
            "reactions": [
                {"app": r.app, "name": r.name, "emits": r.emitted_types} for r in self.reactions
            ],
        }


def catalogue() -> list[Entry]:
    """Return every event this code knows, sorted by type."""
    registry.load_services()
    return [_entry(registry.event_class(type)) for type in registry.event_types()]


def _entry(event: type[Event]) -> Entry:
    return Entry(
        type=event.type,
        version=event.version,
        app=event.app,
        kind=event.event_kind,
        doc=first_paragraph(event.__doc__),
        fields=_fields(event),
        reactions=tuple(registry.reactions_to(event.type)),
        emitted_by=tuple(registry.emitters_of(event)),
    )


def first_paragraph(doc: str | None) -> str:
    """Return a docstring up to its first blank line, in one line."""
    return " ".join(inspect.cleandoc(doc or "").partition("\n\n")[0].split())


def _fields(model: type[BaseModel]) -> tuple[Field, ...]:
    written = dict(_written_in(model))
    return tuple(
        Field(name, *written[name], fields=_fields_of_value(info.annotation))
        for name, info in model.model_fields.items()
    )


def _fields_of_value(annotation: Any) -> tuple[Field, ...]:
    return tuple(field for value in values_in(annotation) for field in _fields(value))


def _written_in(model: type[BaseModel]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each field's name with its type and comment from the source."""
    for base in reversed(model.__mro__):
        if not getattr(base, "model_fields", None):
            continue
        source = textwrap.dedent(inspect.getsource(base))
        lines = source.splitlines()
        for node in ast.parse(source).body[0].body:  # type: ignore[attr-defined]
            if isinstance(node, ast.AnnAssign):
                name = ast.unparse(node.target)
                yield name, (ast.unparse(node.annotation), _comment_above(lines, node.lineno))


def _comment_above(lines: list[str], line: int) -> str:
    """Return the text of the `#:` lines right above this line, counted from 1."""
    comment: list[str] = []
    for above in reversed(lines[: line - 1]):
        text = above.strip()
        if not text.startswith("#:"):
            break
        comment.insert(0, text.removeprefix("#:").strip())
    return " ".join(comment)
