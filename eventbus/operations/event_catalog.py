"""The catalogue of events: each with its fields, who emits it and who reacts.

Read from the code, so that it cannot be wrong: a field's type as it is written
in `events.py`, its meaning from the `#:` lines above it.
"""

import inspect
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from eventbus import registry
from eventbus.event import Event
from eventbus.field_types import field_docs, values_in
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
    #: `event`, `deadline`, `task` or `abstract`
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


def abstract_events() -> list[Entry]:
    """Return every abstract event, sorted by type: its entry says who reacts to all of its kind."""
    return [
        replace(_entry(event), kind="abstract", emitted_by=tuple(registry.subtypes_of(event)))
        for event in registry.abstract_events()
    ]


def _entry(event: type[Event]) -> Entry:
    return Entry(
        type=event.type,
        version=event.version,
        app=event.app,
        kind=event.event_kind,
        doc=first_paragraph(event.__doc__),
        fields=fields_of(event),
        reactions=tuple(registry.reactions_to(event.type)),
        emitted_by=tuple(registry.emitters_of(event)),
    )


def first_paragraph(doc: str | None) -> str:
    """Return a docstring up to its first blank line, in one line."""
    return " ".join(inspect.cleandoc(doc or "").partition("\n\n")[0].split())


def fields_of(model: type[BaseModel]) -> tuple[Field, ...]:
    """Return the fields of an event or of a value, in their order."""
    written = field_docs(model)
    return tuple(
        Field(name, *written[name], fields=_fields_of_value(info.annotation))
        for name, info in model.model_fields.items()
    )


def _fields_of_value(annotation: Any) -> tuple[Field, ...]:
    return tuple(field for value in values_in(annotation) for field in fields_of(value))
