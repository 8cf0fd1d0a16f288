"""Operations of an OpenAPI document, as people read them."""

from dataclasses import dataclass

from shop.api.schemas import Json


@dataclass(frozen=True)
class Field:
    """Something that is sent or answered; `kind` is its type or the name of its schema."""

    name: str
    kind: str
    needed: bool
    text: str


@dataclass(frozen=True)
class Operation:
    """What can be asked at one address. `token` is one of `none`, `optional`, `needed`."""

    id: str
    method: str
    path: str
    text: str
    tag: str
    token: str
    parameters: list[Field]
    body: str
    statuses: list[tuple[str, str, str]]

    @classmethod
    def of(cls, path: str, method: str, spec: Json) -> "Operation":
        security = spec.get("security", [])
        return cls(
            id=spec["operationId"],
            method=method.upper(),
            path=path,
            text=spec["description"],
            tag=spec["tags"][0],
            token="none" if not security else "optional" if {} in security else "needed",
            parameters=[_parameter(each) for each in spec["parameters"]],
            body=_content(spec.get("requestBody", {})),
            statuses=[
                (status, answer["description"], _content(answer))
                for status, answer in spec["responses"].items()
            ],
        )


def fields_of(schema: Json) -> list[Field]:
    """List what an object consists of."""
    needed = schema.get("required", [])
    return [
        Field(name, kind_of(part), name in needed, _text(part))
        for name, part in schema.get("properties", {}).items()
    ]


def kind_of(schema: Json) -> str:
    """Put a type in a few words."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind_of(each) for each in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{kind_of(schema['additionalProperties'])} by name"
    return schema.get("format") or schema.get("type", "anything")


def _parameter(spec: Json) -> Field:
    name = f"{spec['name']} ({spec['in']})"
    return Field(name, kind_of(spec["schema"]), spec["required"], _text(spec["schema"]))


def _content(spec: Json) -> str:
    """Return the name of the schema that is sent or answered; empty for nothing."""
    for content in spec.get("content", {}).values():
        return kind_of(content["schema"])
    return ""


def _text(schema: Json) -> str:
    """Say what it means, the values it may have, and one it could have."""
    choice = schema.get("enum") or schema.get("items", {}).get("enum") or []
    example = [f"such as {each}" for each in schema.get("examples", [])[:1]]
    one_of = [f"one of {', '.join(map(str, choice))}"] if choice else []
    return "; ".join(filter(None, [schema.get("description", ""), *one_of, *example]))
