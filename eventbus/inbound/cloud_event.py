"""A CloudEvent that a foreign system has stated: its attributes, checked.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
"""

import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, NoReturn, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from eventbus.exceptions import NotAccepted

#: Characters of an id, a source or a type.
LONGEST = 255
_NONCHARACTERS = "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_EXCLUDED = re.compile(f"[\\0-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef{_NONCHARACTERS}]")
_JSON = re.compile(r"[\w.+-]+/([\w.+-]+\+)?json(\s*;.*)?", re.IGNORECASE)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)


def _allowed(text: str) -> str:
    """Refuse what the type String excludes: control characters, surrogates, noncharacters."""
    if _EXCLUDED.search(text):
        raise ValueError("a character in it is not allowed")
    return text


def _time(value: Any) -> datetime:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ValueError("it is no time as RFC 3339 writes it, such as 2026-01-31T09:00:00Z")
    return datetime.fromisoformat(value)


def _json_type(value: str) -> str:
    if not _JSON.fullmatch(value):
        raise ValueError("it is not JSON, such as application/json")
    return value


_Text = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(_allowed)]


class CloudEvent(BaseModel):
    """The attributes that we read; others are the sender's own.

    `causationid` is one of ours: the id of the event of ours that it answers.
    """

    model_config = ConfigDict(frozen=True)

    specversion: Literal["1.0"]
    id: _Text
    source: _Text
    type: _Text
    time: Annotated[datetime, BeforeValidator(_time)] | None = None
    datacontenttype: Annotated[_Text, AfterValidator(_json_type)] = "application/json"
    causationid: UUID | None = None
    data: dict[str, Any]

    @classmethod
    def read(cls, attributes: Any) -> Self:
        """Return the event of these JSON values. Raises `NotAccepted` naming each attribute."""
        try:
            return cls.model_validate(attributes)
        except ValidationError as error:
            faults = (
                f"{'.'.join(map(str, each['loc'])) or 'it'}: {each['msg']}"
                for each in error.errors(include_url=False, include_input=False)
            )
            raise NotAccepted("it is no CloudEvent with JSON in it", "; ".join(faults)) from error


def parse(content: bytes) -> Any:
    """Return the JSON values of a message; numbers with a point are exact. Raises `NotAccepted`."""
    try:
        return json.loads(content, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise NotAccepted("it is not JSON", str(error)) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
