"""Fields of events that a redaction has blanked: whoever reads one cannot be run again."""

from typing import Any, NoReturn

from pydantic import BaseModel

from eventbus.event import Event
from eventbus.exceptions import BusError
from eventbus.personal import personal_fields


class HistoryIncomplete(BusError):
    """Something that would be needed was archived or redacted: the message says what."""


class RedactedField:
    """Stands for the value of a field that was blanked, and refuses to be read."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        name = object.__getattribute__(self, "_name")
        raise HistoryIncomplete(f"{name} was redacted in history, and a reaction reads it")

    __getattribute__ = _refuse
    __str__ = __repr__ = __format__ = __bytes__ = _refuse
    __bool__ = __len__ = __iter__ = __contains__ = __getitem__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = __add__ = _refuse


def refuse_redacted(event: Event) -> Event:
    """Return a redacted event, whose blank fields raise `HistoryIncomplete` when they are read."""
    _mark(event, event.type)
    return event


def _mark(value: Any, name: str) -> None:
    if isinstance(value, BaseModel):
        blank = personal_fields(type(value))
        for field, inner in vars(value).items():
            if field not in blank:
                _mark(inner, f"{name}.{field}")
            elif inner is not None:
                vars(value)[field] = RedactedField(f"{name}.{field}")
    elif isinstance(value, tuple | list):
        for inner in value:
            _mark(inner, name)
    elif isinstance(value, dict):
        for inner in value.values():
            _mark(inner, name)
