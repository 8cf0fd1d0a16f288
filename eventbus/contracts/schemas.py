"""JSON Schemas, walked through: their structure without texts, and an example of what fits."""

from typing import Any
from uuid import NAMESPACE_OID, uuid5

from eventbus.event import Event
from eventbus.exceptions import BusError, InvalidEvent
from eventbus.schema import DECIMAL

Schema = dict[str, Any]


class NoExample(BusError):
    """Of a field with limits of its own no example can be made up: it must have one."""


#: What describes and does not bind. Examples stay: they are to be had of older versions too.
_TEXTS = {"$schema", "title", "description", "default"}
_BY_NAME = {"$defs", "properties", "patternProperties"}
_LISTED = {"anyOf", "oneOf", "allOf", "prefixItems"}
_NESTED = {"items", "additionalProperties", "propertyNames"}

#: An example of each format of a text; a UUID is made of the field's name.
_FORMATS = {
    "date-time": "2026-01-02T03:04:05Z",
    "date": "2026-01-02",
    "time": "03:04:05",
    "duration": "PT1H",
}


def structure(schema: Schema) -> Schema:
    """Return a schema without what binds nobody: titles, descriptions, defaults."""
    return {key: _bare(key, value) for key, value in schema.items() if key not in _TEXTS}


def _bare(key: str, value: Any) -> Any:
    if key in _BY_NAME:
        return {name: structure(each) for name, each in value.items()}
    if key in _LISTED:
        return [structure(each) for each in value]
    if key in _NESTED and isinstance(value, dict):
        return structure(value)
    return value


def resolve(schema: Schema, definitions: Schema) -> Schema:
    """Return what a schema refers to, with what stands beside the reference."""
    while "$ref" in schema:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**definitions[schema["$ref"].rpartition("/")[2]], **beside}
    return schema


def example(schema: Schema, *, minimal: bool = False, blank: bool = False) -> Any:
    """Return JSON data that fits an event's schema, the same each time.

    `minimal`: of the required fields alone. `blank`: with what is personal as a redaction leaves
    it.
    """
    return _Examples(schema.get("$defs", {}), minimal, blank).of(schema, "")


def example_of(event_class: type[Event]) -> Event:
    """Return an event of a class, the same each time. Raises `NoExample`."""
    try:
        return event_class.from_data(example(event_class.json_schema()))
    except InvalidEvent as error:
        raise NoExample(f"{error}; give the field one: Field(examples=[...])") from error


class _Examples:
    def __init__(self, definitions: Schema, minimal: bool, blank: bool) -> None:
        self._definitions, self._minimal, self._blank = definitions, minimal, blank

    def of(self, schema: Schema, name: str) -> Any:
        """Return an example of what a field of this name may be."""
        schema = resolve(schema, self._definitions)
        if "examples" in schema:
            return schema["examples"][0]
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        for choice in ("anyOf", "oneOf"):
            if choice in schema:
                return self._one_of(schema, schema[choice], name)
        if self._blank and schema.get("x-personal"):
            return [] if schema["type"] == "array" else ""
        make = getattr(self, f"_{schema.get('type', 'string')}")
        return make(schema, name)

    def _one_of(self, whole: Schema, choices: list[Schema], name: str) -> Any:
        beside = {key: whole[key] for key in ("x-personal",) if key in whole}
        choice = next(each for each in choices if each.get("type") != "null")
        return self.of({**choice, **beside}, name)

    def _object(self, schema: Schema, name: str) -> dict[str, Any]:
        required = schema.get("required", ())
        fields = {
            field: self.of(each, field)
            for field, each in schema.get("properties", {}).items()
            if field in required or not self._minimal
        }
        values = schema.get("additionalProperties")
        return {**fields, "key": self.of(values, name)} if isinstance(values, dict) else fields

    def _array(self, schema: Schema, name: str) -> list[Any]:
        if "prefixItems" in schema:
            return [self.of(each, name) for each in schema["prefixItems"]]
        items = schema.get("items", {})
        least = schema.get("minItems", 0)
        return [self.of(items, name)] * max(least, min(1, schema.get("maxItems", 1)))

    def _string(self, schema: Schema, name: str) -> str:
        if schema.get("format") == "uuid":
            return str(uuid5(NAMESPACE_OID, name))
        if schema.get("pattern") == DECIMAL:
            return "19.90"
        text = _FORMATS.get(schema.get("format", ""), name or "text")
        return text.ljust(schema.get("minLength", 0), "-")[: schema.get("maxLength")]

    def _integer(self, schema: Schema, name: str) -> int:
        least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        most = schema.get("maximum", schema.get("exclusiveMaximum", least + 1) - 1)
        return max(least, min(1, most)) if least <= 1 <= most else min(least, most)

    def _number(self, schema: Schema, name: str) -> int:
        return self._integer(schema, name)

    def _boolean(self, schema: Schema, name: str) -> bool:
        return bool(schema.get("default", True))

    def _null(self, schema: Schema, name: str) -> None:
        return None
