"""The JSON Schema of an event: what its data keeps to, on the wire and in history.

https://json-schema.org/draft/2020-12
"""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from eventbus.field_types import field_docs

#: A Decimal as `str` writes it.
DECIMAL = r"^-?\d+(\.\d+)?(E[+-]?\d+)?$"


class _WireSchema(GenerateJsonSchema):
    """Describes what `Event.to_data` writes, and what `Event.from_data` reads.

    A reader ignores what it does not know, so any further field may be there.
    """

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Leave out titles, which would repeat the fields' names."""
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        described = super().model_schema(schema)
        if described.get("additionalProperties") is False:
            del described["additionalProperties"]
        for name, (_, doc) in field_docs(schema["cls"]).items():
            field = described["properties"].get(name)
            if doc and field is not None:
                described["properties"][name] = {"description": doc, **field}
        return described

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {"type": "string", "pattern": DECIMAL}


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of an event's data, or of a value's.

    A field with a default is not required: events of before it was added lack it. `x-personal`
    marks the fields that are `Personal`.
    """
    return model.model_json_schema(mode="serialization", schema_generator=_WireSchema)
