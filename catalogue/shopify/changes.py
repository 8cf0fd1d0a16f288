"""Rows to create and rows to change, written together."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model


class Changes:
    """Collects what is new or different among rows of one model, then writes it in bulk."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.new: list[Any] = []
        self.changed: list[Any] = []
        self.fields: set[str] = set()

    def put(self, thing: Any, fields: Mapping[str, Any]) -> bool:
        """Give `thing` these values; returns whether that makes it new or different."""
        differing = {name for name, value in fields.items() if getattr(thing, name) != value}
        for name in differing:
            setattr(thing, name, fields[name])
        if thing.pk is None:
            self.new.append(thing)
        elif differing:
            self.changed.append(thing)
            self.fields |= differing
        return thing.pk is None or bool(differing)

    def save(self) -> None:
        """Write everything collected: one statement for the new, one for the changed."""
        objects = self.model._default_manager
        objects.bulk_create(self.new)
        if self.changed:
            objects.bulk_update(self.changed, sorted(self.fields))
