"""What has changed between two schemas of one event, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eventbus.contracts.schemas import Schema, resolve

#: A field by the names on the way to it: `("lines", "sku")`.
Path = tuple[str, ...]


class Kind(StrEnum):
    """What has become of a field."""

    REMOVED = "removed"
    RETYPED = "retyped"
    NARROWED = "narrowed"
    REQUIRED = "required now"
    WIDENED = "widened"
    ADDED = "added"


@dataclass(frozen=True)
class Change:
    """What has become of one field; `detail` says from what to what."""

    path: Path
    kind: Kind
    detail: str = ""

    @property
    def is_break(self) -> bool:
        """Whether who reads the older form, or newer code that reads history, may fail on it."""
        return self.kind not in (Kind.WIDENED, Kind.ADDED)

    @property
    def is_readable(self) -> bool:
        """Whether newer code can read what older code wrote."""
        return self.kind not in (Kind.RETYPED, Kind.NARROWED, Kind.REQUIRED)

    def __str__(self) -> str:
        return f"{'.'.join(self.path)} {self.kind}{self.detail and f': {self.detail}'}"


#: Limits of a value, with whether a smaller one lets less through.
_UPPER = {"maxLength", "maxItems", "maximum", "exclusiveMaximum", "maxProperties"}
_LOWER = {"minLength", "minItems", "minimum", "exclusiveMinimum", "minProperties"}
_FIXED = {"pattern", "multipleOf", "uniqueItems"}


def changes(before: Schema, after: Schema) -> list[Change]:
    """Return what has changed from an accepted schema to the one that the code has now."""
    return list(_Comparison(before, after).of(before, after, ()))


class _Comparison:
    def __init__(self, before: Schema, after: Schema) -> None:
        self._before, self._after = before.get("$defs", {}), after.get("$defs", {})

    def of(self, before: Schema, after: Schema, path: Path) -> Iterator[Change]:
        """Yield the changes of one value and of what is in it."""
        before, after = resolve(before, self._before), resolve(after, self._after)
        old, new = _choices(before, self._before), _choices(after, self._after)
        if old.keys() != new.keys():
            yield Change(path, Kind.RETYPED, f"{_either(old)} -> {_either(new)}")
        else:
            for type in old:
                yield from self._of_type(old[type], new[type], path)

    def _of_type(self, before: Schema, after: Schema, path: Path) -> Iterator[Change]:
        yield from _limits(before, after, path)
        yield from self._fields(before, after, path)
        for inner in ("items", "additionalProperties"):
            if isinstance(before.get(inner), dict) and isinstance(after.get(inner), dict):
                yield from self.of(before[inner], after[inner], path)
        places = before.get("prefixItems", []), after.get("prefixItems", [])
        if len(places[0]) != len(places[1]):
            yield Change(path, Kind.RETYPED, f"{len(places[0])} -> {len(places[1])} entries")
        else:
            for old, new in zip(*places, strict=True):
                yield from self.of(old, new, path)

    def _fields(self, before: Schema, after: Schema, path: Path) -> Iterator[Change]:
        old, new = before.get("properties", {}), after.get("properties", {})
        required = set(after.get("required", ())) - set(before.get("required", ()))
        for name in old:
            if name not in new:
                yield Change((*path, name), Kind.REMOVED)
                continue
            yield from self.of(old[name], new[name], (*path, name))
            if name in required:
                yield Change((*path, name), Kind.REQUIRED)
        for name in new:
            if name not in old:
                kind = Kind.REQUIRED if name in required else Kind.ADDED
                yield Change((*path, name), kind)


def _choices(schema: Schema, definitions: Schema) -> dict[str, Schema]:
    """Return what a value may be, by type: of `str | None` a text, and null."""
    choices: dict[str, Schema] = {}
    for each in schema.get("anyOf") or schema.get("oneOf") or [schema]:
        choice = resolve(each, definitions)
        name, same = _type(choice), [one for one in choices if one.startswith(_type(choice))]
        choices[f"{name} {len(same) + 1}" if same else name] = choice
    return choices


def _limits(before: Schema, after: Schema, path: Path) -> Iterator[Change]:
    limits = (_UPPER | _LOWER | _FIXED) & (before.keys() | after.keys())
    if "prefixItems" in before:
        limits -= {"minItems", "maxItems"}
    for name in sorted(limits):
        old, new = before.get(name), after.get(name)
        if old != new:
            looser = new is None or (
                old is not None and name not in _FIXED and (new > old) == (name in _UPPER)
            )
            yield Change(
                path, Kind.WIDENED if looser else Kind.NARROWED, f"{name} {_or(old)} -> {_or(new)}"
            )
    old, new = _values(before), _values(after)
    if old is not None and (new is None or new - old):
        yield Change(path, Kind.WIDENED, f"may be {_list(new - old if new else None)} too")
    if new is not None and (old is None or old - new):
        yield Change(path, Kind.NARROWED, f"no more {_list(old - new if old else None)}")


def _values(schema: Schema) -> set[Any] | None:
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return None if values is None else set(values)


def _type(schema: Schema) -> str:
    """Return how a value's type is called; a format is part of it."""
    kind = schema.get("type") or ("object" if "properties" in schema else "anything")
    if "format" in schema:
        return str(schema["format"])
    if kind == "string" and schema.get("pattern", "").startswith(r"^-?\d"):
        return "decimal"
    return "text" if kind == "string" else str(kind)


def _either(choices: dict[str, Schema]) -> str:
    return " or ".join(choices)


def _or(limit: Any) -> str:
    return "none" if limit is None else str(limit)


def _list(values: set[Any] | None) -> str:
    return "any other" if values is None else ", ".join(sorted(map(str, values)))
